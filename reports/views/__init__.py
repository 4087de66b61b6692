"""Pages that mix floors; each view loads through `visible_to`, asks a selector and renders."""
