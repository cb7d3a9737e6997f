"""Help articles, as they are copied from web pages, taken apart into what entries are drafted from."""
