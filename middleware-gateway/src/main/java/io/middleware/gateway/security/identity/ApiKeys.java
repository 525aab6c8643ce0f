package io.middleware.gateway.security.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names of callers by the SHA-256 of their keys: the keys themselves are kept nowhere. Immutable. */
public final class ApiKeys {
    /** It is not known yet which there are. */
    public static final ApiKeys NOT_READ = new ApiKeys(Map.of(), false);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final int HASH = 32;

    /** By the beginning of the hash: that takes the same time for each key, and tells nothing about others. */
    private final Map<Long, Entry> byHash;

    private final boolean complete;

    private record Entry(byte[] hash, Verdict.Known caller) {}

    private ApiKeys(Map<Long, Entry> byHash, boolean complete) {
        this.byHash = byHash;
        this.complete = complete;
    }

    /**
     * Returns the keys of a text with a line {@code NAME: HASH} for each, and comments that begin with {@code #}.
     *
     * @throws IllegalArgumentException if a line is neither; the message has its number and what was expected
     */
    public static ApiKeys parse(String text) {
        Builder builder = new Builder();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String entry = line.strip();
            if (!entry.isEmpty() && !entry.startsWith("#")) {
                int colon = entry.indexOf(':');
                String name = colon < 0 ? entry : entry.substring(0, colon).strip();
                builder.add("line " + number, name, colon < 0 ? "" : entry.substring(colon + 1));
            }
        }
        return builder.build();
    }

    /** Collects keys. */
    public static final class Builder {
        private final Map<Long, Entry> byHash = new HashMap<>();

        /**
         * Adds a key. Several may have one name, as while a caller changes from one to the next.
         *
         * @param where for the message of an error
         * @throws IllegalArgumentException if the name or the hash is none
         */
        public Builder add(String where, String name, String hash) {
            byte[] bytes = bytes(hash.strip());
            if (!NAME.matcher(name).matches() || bytes == null) {
                throw new IllegalArgumentException(
                        where + " (expected: NAME: HASH, a name of letters, digits, . _ - and a SHA-256 as 64"
                                + " hexadecimal digits)");
            }
            byHash.put(start(bytes), new Entry(bytes, new Verdict.Known("key:" + name)));
            return this;
        }

        private static byte @Nullable [] bytes(String hash) {
            try {
                byte[] bytes = HexFormat.of().parseHex(hash);
                return bytes.length == HASH ? bytes : null;
            } catch (IllegalArgumentException notHexadecimal) {
                return null;
            }
        }

        public ApiKeys build() {
            return new ApiKeys(Map.copyOf(byHash), true);
        }
    }

    /** Returns whose key this is; null if it is nobody's. */
    public Verdict.@Nullable Known find(CharSequence key) {
        byte[] hash = sha256(key.toString());
        Entry entry = byHash.get(start(hash));
        return entry != null && MessageDigest.isEqual(entry.hash, hash) ? entry.caller : null;
    }

    /** Returns whether a key that is not among these is wrong; otherwise nobody can say that yet. */
    public boolean isComplete() {
        return complete;
    }

    /** Returns these and others. */
    public ApiKeys and(ApiKeys others) {
        Map<Long, Entry> all = new HashMap<>(others.byHash);
        all.putAll(byHash);
        return new ApiKeys(Map.copyOf(all), complete && others.complete);
    }

    public int size() {
        return byHash.size();
    }

    private static long start(byte[] hash) {
        long start = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            start = start << Byte.SIZE | hash[i] & 0xff;
        }
        return start;
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.ISO_8859_1));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
