"""``python -m tests.property``: the long run, or one seed again."""

import sys

from tests.property.soak import main

if __name__ == "__main__":
    sys.exit(main())
