package io.middleware.gateway.stale;

import io.middleware.core.stale.StaleResponses;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Stale responses, which callers get when no server responds.
 *
 * @param methods Methods that may have stale responses, as package.Service/Method; or package.Service for all of its
 *                methods. Only methods that are unary and have the idempotency_level NO_SIDE_EFFECTS have them.
 * @param headers Request headers that distinguish responses, besides the message. Never authorization or cookie: a
 *                response to a request with one of them is not kept.
 * @param total Bytes that may be kept, from per-answer to 16 GB.
 * @param perAnswer The largest response that is kept, with its request, from 1 KB to 64 MB.
 * @param longestAge The age up to which a response is used, from 1 s to 30 days.
 */
public record StaleSettings(
        List<String> methods,
        List<String> headers,
        @DefaultValue("16MB") DataSize total,
        @DefaultValue("64KB") DataSize perAnswer,
        @DefaultValue("1h") Duration longestAge) {

    private static final Pattern METHOD = Pattern.compile("\\w+(\\.\\w+)*(/\\w+)?");
    private static final Pattern HEADER = Pattern.compile(":?[a-z0-9!#$%&'*+.^_`|~-]+");

    /** @throws IllegalArgumentException if a value is not valid; the message says what was expected */
    public StaleSettings {
        methods = strip(methods);
        headers = strip(headers).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        methods.forEach(method -> check(
                METHOD.matcher(method).matches(),
                "methods",
                method,
                "package.Service/Method or package.Service, such as hello.v1.HelloService/SayHello"));
        headers.forEach(name -> check(
                HEADER.matcher(name).matches(), "headers", name, "the name of a header, such as accept-language"));
        check(
                within(perAnswer, DataSize.ofKilobytes(1), DataSize.ofMegabytes(64)),
                "per-answer",
                perAnswer,
                "1KB to 64MB");
        check(within(total, perAnswer, DataSize.ofGigabytes(16)), "total", total, "stale.per-answer to 16GB");
        check(within(longestAge, Duration.ofSeconds(1), Duration.ofDays(30)), "longest-age", longestAge, "1s to 30d");
        policy(methods, headers, perAnswer);
    }

    /** Whether any responses are kept. */
    public boolean enabled() {
        return !methods.isEmpty();
    }

    public StaleResponses.Policy policy() {
        return policy(methods, headers, perAnswer);
    }

    private static StaleResponses.Policy policy(List<String> methods, List<String> headers, DataSize perAnswer) {
        Predicate<String> isMethod = name -> name.contains("/");
        Set<String> paths =
                methods.stream().filter(isMethod).map(name -> "/" + name).collect(Collectors.toSet());
        Set<String> services = methods.stream().filter(isMethod.negate()).collect(Collectors.toSet());
        return new StaleResponses.Policy(paths, services, headers, (int) perAnswer.toBytes());
    }

    private static List<String> strip(@Nullable List<String> values) {
        return values == null
                ? List.of()
                : values.stream()
                        .map(String::strip)
                        .filter(value -> !value.isEmpty())
                        .toList();
    }

    private static <T extends Comparable<T>> boolean within(T value, T least, T most) {
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    private static void check(boolean right, String name, Object value, String expected) {
        if (!right) {
            throw new IllegalArgumentException("stale." + name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
