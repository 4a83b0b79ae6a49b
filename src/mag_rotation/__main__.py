"""``python -m mag_rotation`` is the command ``mag-rotation``."""

from mag_rotation.cli import main

if __name__ == "__main__":
    main()
