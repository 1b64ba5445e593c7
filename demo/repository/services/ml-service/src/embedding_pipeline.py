"""Text to vectors: a bag of letters, which is enough to tell creatives apart."""


class EmbeddingPipeline:
    def generate_embedding(self, text):
        letters = [0.0] * 26
        for character in text.lower():
            if "a" <= character <= "z":
                letters[ord(character) - ord("a")] += 1.0
        length = sum(value * value for value in letters) ** 0.5 or 1.0
        return [value / length for value in letters]
