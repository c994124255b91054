"""Run the command line as ``python -m dashgen``."""

from dashgen.cli.app import main

if __name__ == "__main__":
    main()
