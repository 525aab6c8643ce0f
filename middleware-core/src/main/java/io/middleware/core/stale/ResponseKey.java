package io.middleware.core.stale;

import io.middleware.core.Headers;
import java.util.Arrays;

/**
 * What the response to a unary call depends on: the method, the message, and some of the headers. Calls with equal keys
 * may get the same stale response.
 */
public final class ResponseKey implements Comparable<ResponseKey> {
    private final String head;
    private final byte[] message;
    private final int hash;

    private ResponseKey(String head, byte[] message) {
        this.head = head;
        this.message = message;
        this.hash = 31 * head.hashCode() + Arrays.hashCode(message);
    }

    /**
     * Returns the key of a request.
     *
     * @param names   the lower-case names of the headers that the response depends on
     * @param message the request's message; must not be changed afterwards
     */
    public static ResponseKey of(String path, Headers headers, Iterable<String> names, byte[] message) {
        StringBuilder head = new StringBuilder(path);
        for (String name : names) {
            head.append('\n').append(name);
            for (CharSequence value : headers.all(name)) {
                // with its length, so that no value can look like two values or like another header
                head.append(' ').append(value.length()).append(':').append(value);
            }
        }
        return new ResponseKey(head.toString(), message);
    }

    /** Returns about how many bytes it takes to keep this key. */
    public int size() {
        return head.length() + message.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResponseKey key
                && hash == key.hash
                && head.equals(key.head)
                && Arrays.equals(message, key.message);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /**
     * Orders keys without a meaning, so that a hash map finds keys fast even if someone crafts them to have one hash.
     */
    @Override
    public int compareTo(ResponseKey other) {
        int heads = head.compareTo(other.head);
        return heads != 0 ? heads : Arrays.compare(message, other.message);
    }
}
