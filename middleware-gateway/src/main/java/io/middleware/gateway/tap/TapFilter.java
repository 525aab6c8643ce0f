package io.middleware.gateway.tap;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Step;
import io.middleware.gateway.ended.EndedCall;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * Which calls a reader gets: those that all of this is true of; and whether with their messages.
 *
 * @param service    the gRPC service, in full or without its package, or the service's name in the registry; null for any
 * @param method     the method, or its whole path; null for any
 * @param codes      how the call ended
 * @param instance   an attempt was made on it; null for any
 * @param caller     who called, such as {@code key:shop}; null for anybody
 * @param slowerThan nanoseconds that it took at least
 * @param retried    there was more than one attempt
 * @param messages   not a condition: the reader wants the messages of those that pass
 */
record TapFilter(
        @Nullable String service,
        @Nullable String method,
        Set<Code> codes,
        @Nullable String instance,
        @Nullable String caller,
        long slowerThan,
        boolean retried,
        boolean messages) {

    private static final String ANY_ERROR = "error";

    /**
     * Returns the filter that the parameters of a request ask for.
     *
     * @throws IllegalArgumentException if one cannot be read; says what was expected
     */
    static TapFilter of(Map<String, List<String>> parameters) {
        String codes = parameter(parameters, "code");
        String slower = parameter(parameters, "slower-than");
        return new TapFilter(
                parameter(parameters, "service"),
                parameter(parameters, "method"),
                codes == null ? EnumSet.allOf(Code.class) : codes(codes),
                parameter(parameters, "instance"),
                parameter(parameters, "caller"),
                slower == null ? 0 : nanos(slower),
                parameters.containsKey("retried"),
                parameters.containsKey("messages"));
    }

    private static @Nullable String parameter(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.get(name);
        return values == null || values.getFirst().isEmpty() ? null : values.getFirst();
    }

    private static Set<Code> codes(String list) {
        Set<Code> codes = EnumSet.noneOf(Code.class);
        for (String name : list.split(",", -1)) {
            if (name.equalsIgnoreCase(ANY_ERROR)) {
                codes.addAll(EnumSet.complementOf(EnumSet.of(Code.OK)));
            } else {
                codes.add(code(name));
            }
        }
        return codes;
    }

    private static Code code(String name) {
        String upper = name.strip().toUpperCase(Locale.ROOT);
        return Arrays.stream(Code.values())
                .filter(code -> code.name().equals(upper))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "code: " + name + " (expected: " + ANY_ERROR + ", or codes of gRPC such as OK,UNAVAILABLE)"));
    }

    private static long nanos(String duration) {
        try {
            return DurationStyle.detectAndParse(duration).toNanos();
        } catch (IllegalArgumentException | ArithmeticException wrong) {
            throw new IllegalArgumentException("slower-than: " + duration + " (expected: a time such as 50ms)", wrong);
        }
    }

    /** Returns whether a call that has ended passes. Called when its record is given to listeners. */
    boolean passes(CallRecord record) {
        return codes.contains(record.end().code())
                && (!retried || record.attempts() > 1)
                && record.nanos() >= slowerThan
                && (service == null || isOf(service, record))
                && (method == null || isNamed(method, record.path()))
                && (instance == null || wasTried(instance, record))
                && (caller == null || caller.equals(EndedCall.caller(record)));
    }

    private static boolean isOf(String service, CallRecord record) {
        String full = Call.grpcService(record.path());
        return full != null && (full.equals(service) || full.endsWith("." + service))
                || record.service() != null && record.service().name().equals(service);
    }

    private static boolean isNamed(String method, String path) {
        return path.endsWith("/" + method) || path.equals(method);
    }

    private static boolean wasTried(String instance, CallRecord record) {
        for (Step step : record.steps()) {
            if (step instanceof Step.Started started && started.instance().id().equals(instance)) {
                return true;
            }
        }
        return false;
    }
}
