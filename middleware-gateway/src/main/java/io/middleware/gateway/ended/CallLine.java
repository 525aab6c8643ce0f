package io.middleware.gateway.ended;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.annotations.SerializedName;
import io.middleware.core.instance.Instance;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Step;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one line says of a call: who made it and how it went, and nothing of its headers and messages.
 *
 * @param timestamp  when it ended, in UTC
 * @param callId     its {@code x-call-id}; empty if it has none
 * @param traceId    of the distributed trace that it belongs to; null for none
 * @param caller     who called, such as {@code key:shop}; null if that is not known
 * @param gateway    the id of the gateway that had it
 * @param path       {@code /package.Service/Method}
 * @param service    the name of the service in the registry; null if nobody serves the method
 * @param code       the status that the caller got
 * @param tookUs     microseconds from its headers to its end
 * @param answeredBy the instance whose response the caller got; null for none
 * @param stale      true if the caller got a stale response, else null
 * @param failure    what the middleware said to the caller itself; null if a server's response says it
 */
public record CallLine(
        @SerializedName("@timestamp") String timestamp,
        String callId,
        @Nullable String traceId,
        @Nullable String caller,
        String gateway,
        String path,
        @Nullable String service,
        String code,
        long tookUs,
        @Nullable String answeredBy,
        @Nullable Boolean stale,
        @Nullable String failure,
        List<AttemptLine> attempts) {

    /** Callers may send more, which belongs in no log. */
    private static final int LONGEST = 500;

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    /** {@code gateway}: the id of this one. */
    public static CallLine of(EndedCall call, String gateway) {
        CallRecord record = call.record();
        Step.Concluded end = record.end();
        Instance answered = record.answeredBy();
        return new CallLine(
                Instant.ofEpochMilli(call.endedAt()).toString(),
                shortened(call.id()),
                record.trace() == null ? null : record.trace().traceId(),
                call.caller(),
                gateway,
                shortened(record.path()),
                record.service() == null ? null : record.service().name(),
                end.code().name(),
                TimeUnit.NANOSECONDS.toMicros(record.nanos()),
                answered == null ? null : answered.id(),
                end.stale() ? true : null,
                end.failure() == null ? null : shortened(end.failure().message()),
                AttemptLine.all(record));
    }

    /** Returns one line of JSON, without a line end. */
    public String json() {
        return GSON.toJson(this);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
