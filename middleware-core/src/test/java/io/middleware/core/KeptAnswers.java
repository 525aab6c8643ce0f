package io.middleware.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;

/** Keeps every answer it is given, for ever. */
final class KeptAnswers implements LastGoodAnswers.Store {
    final Map<Question, GoodAnswer> answers = new HashMap<>();
    private final Chunks chunks;

    KeptAnswers(Chunks chunks) {
        this.chunks = chunks;
    }

    @Override
    public GoodAnswer get(Question question) {
        return answers.get(question);
    }

    @Override
    public void put(Question question, GoodAnswer answer) {
        answers.put(question, answer);
    }

    @Override
    public Chunk chunk(byte[] message) {
        return chunks.of(new String(message, UTF_8));
    }
}
