"""What operators do: check, test, calibrate and train."""
