"""What is done to plans: taken in, checked, confirmed, put in force and opened."""
