"""scikit-learn's TF-IDF and cosine: over character 1- to 3-grams, and over jieba words."""

from collections.abc import Sequence

import jieba
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.peers.dense import best_hits
from benchmarks.peers.interface import Hit, Rank


def characters(phrasings: Sequence[str]) -> Rank:
    """Index *phrasings* by their characters."""
    return _make(TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), phrasings)


def words(phrasings: Sequence[str]) -> Rank:
    """Index *phrasings* by their words."""
    return _make(TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None), phrasings)


def _make(vectorizer: TfidfVectorizer, phrasings: Sequence[str]) -> Rank:
    matrix = vectorizer.fit_transform(phrasings).T.tocsr()

    def rank(text: str) -> list[Hit]:
        # Vectors are normalized, so that their product is the cosine.
        return best_hits((vectorizer.transform([text]) @ matrix).toarray()[0])

    return rank
