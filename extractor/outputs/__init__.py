"""What an extraction writes: files of the stable contract, as tables and as lines."""
