package io.middleware.load;

/**
 * How a call ended.
 *
 * @param error    empty when the response was the expected one, else code and text of what came instead
 * @param instance the instance that responded; like the gateway and the fallback, empty when the response names none
 * @param gateway  the gateway that called the instance
 * @param attempts how many attempts the gateway made; 0 when the response does not say
 * @param fallback {@code secondary} or {@code stale} when the response is not the first choice
 */
public record Reply(String error, String instance, String gateway, int attempts, String fallback) {

    static Reply failed(String error) {
        return new Reply(error.isEmpty() ? "no reason given" : error, "", "", 0, "");
    }

    public boolean ok() {
        return error.isEmpty();
    }

    static int attempts(String header) {
        return header != null && header.matches("\\d{1,4}") ? Integer.parseInt(header) : 0;
    }
}
