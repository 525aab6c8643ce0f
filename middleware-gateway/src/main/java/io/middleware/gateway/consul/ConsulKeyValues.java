package io.middleware.gateway.consul;

import io.middleware.starter.ConsulToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/** Follows entries by a long poll, as {@link ConsulWatch} follows services. */
final class ConsulKeyValues implements KeyValues {
    private final ConsulHttp consul;

    ConsulKeyValues(ConsulHttp consul) {
        this.consul = consul;
    }

    @Override
    public Following follow(String prefix, Listener listener) {
        LongPoll<JsonNode> poll = new LongPoll<>(
                consul,
                "/v1/kv/" + prefix + "?recurse",
                consul::json,
                response -> listener.onEntries(entries(prefix, response)),
                new Told(prefix, listener),
                new BackOff(RandomGenerator.getDefault()),
                consul.worker());
        poll.start();
        return poll::stop;
    }

    /** @throws IOException if the response leaves something out, or has no entry with the prefix as its key */
    private static Map<String, String> entries(String prefix, ConsulHttp.Response<JsonNode> response)
            throws IOException {
        if (response.filtered()) {
            throw new IOException("it leaves out what the token may not read (expected: a token in "
                    + ConsulToken.SETTINGS + " that may read the keys below " + prefix + ")");
        }
        Map<String, String> entries = new HashMap<>();
        for (JsonNode entry : response.body()) {
            String key = entry.path("Key").asString("");
            if (key.startsWith(prefix)) {
                entries.put(key.substring(prefix.length()), decoded(entry.path("Value")));
            }
        }
        if (entries.remove("") == null) {
            throw new IOException(noEntry(prefix));
        }
        return entries;
    }

    private static String noEntry(String prefix) {
        return "there is no entry " + prefix
                + " (expected: one, of any value, which says that the others are all there are)";
    }

    /** An empty value is null. */
    private static String decoded(JsonNode value) throws IOException {
        try {
            return new String(Base64.getDecoder().decode(value.asString("")), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new IOException("a value is not in Base64", malformed);
        }
    }

    /** Passes on how queries end. */
    private record Told(String prefix, Listener listener) implements QueryOutcome {
        @Override
        public boolean onSuccess(Object client) {
            listener.onRead();
            return false;
        }

        @Override
        public void onFailure(Object client, String why) {
            // of a store without any entry
            listener.onProblem(why.startsWith("status 404") ? noEntry(prefix) : why);
        }

        @Override
        public void onEnd(Object client) {
            // its end is not news
        }
    }
}
