"""Excel in and out: lists of accounts (`accounts`), the 成员单位名册 (`roster`)."""
