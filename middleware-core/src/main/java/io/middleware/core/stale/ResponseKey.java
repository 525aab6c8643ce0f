package io.middleware.core.stale;

import io.middleware.core.Headers;
import java.util.Arrays;

/**
 * What a unary call asks for: its method, its message, and those of its headers that the answer depends on. Calls with equal
 * questions may be given the same answer.
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
     * @param names   of the headers, in lower case
     * @param message is taken over
     */
    public static ResponseKey of(String path, Headers headers, Iterable<String> names, byte[] message) {
        StringBuilder head = new StringBuilder(path);
        for (String name : names) {
            head.append('\n').append(name);
            for (CharSequence value : headers.all(name)) {
                // with its length: whatever a value holds, it cannot look like two, or like another header
                head.append(' ').append(value.length()).append(':').append(value);
            }
        }
        return new ResponseKey(head.toString(), message);
    }

    /** In bytes, what it takes to keep it. */
    public int size() {
        return head.length() + message.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResponseKey question
                && hash == question.hash
                && head.equals(question.head)
                && Arrays.equals(message, question.message);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** An order of no meaning, by which questions that were made to have one hash are still found fast. */
    @Override
    public int compareTo(ResponseKey other) {
        int heads = head.compareTo(other.head);
        return heads != 0 ? heads : Arrays.compare(message, other.message);
    }
}
