package io.middleware.chaos.prove.workload;

/**
 * What is called.
 *
 * @param method full name of the method that changes something
 * @param data   its request as JSON, in which {@value #ID} stands for the operation's name
 * @param marked full name of a method without side effects; empty for none
 * @param keys   whether some calls have idempotency keys
 */
public record Calls(String method, String data, String marked, boolean keys) {

    /** Placeholder of an operation's name in the data. */
    public static final String ID = "$ID";

    /** Signatures in the guestbook, and greetings. */
    public static Calls ofTheDemo(boolean keys) {
        return new Calls(
                "hello.v1.Guestbook/Sign",
                "{\"name\":\"prove\",\"message\":\"" + ID + "\"}",
                "hello.v1.HelloService/SayHello",
                keys);
    }

    /** Returns the request of an operation. Methods without side effects take the demo's greeting. */
    String request(boolean ofMarked, String operation) {
        return ofMarked ? "{\"message\":\"Hello\"}" : data.replace(ID, operation);
    }
}
