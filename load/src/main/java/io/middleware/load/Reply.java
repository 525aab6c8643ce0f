package io.middleware.load;

/**
 * How a call ended.
 *
 * @param error    empty when it was answered as it should be; else what came instead
 * @param instance who answered; empty when the reply does not say, as with the next three
 * @param gateway  who asked the instance
 * @param attempts how many were asked; 0 when the reply does not say
 * @param fallback what the answer is when it is not the first choice
 */
public record Reply(String error, String instance, String gateway, int attempts, String fallback) {

    static Reply failed(String error) {
        return new Reply(error.isEmpty() ? "no reason was given" : error, "", "", 0, "");
    }

    public boolean ok() {
        return error.isEmpty();
    }

    static int attempts(String header) {
        return header != null && header.matches("\\d{1,4}") ? Integer.parseInt(header) : 0;
    }
}
