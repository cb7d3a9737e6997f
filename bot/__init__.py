"""kaidian: a FAQ bot that answers Chinese questions from a folder of YAML files."""
