package io.middleware.gateway.tap;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.middleware.gateway.ended.CallLine;
import java.time.ZoneId;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How lines look. */
final class LineForms {
    private final String gateway;
    private final @Nullable MessageJson messages;

    /**
     * One of them.
     *
     * @param call of a call
     * @param lost says how many lines are missing
     * @param refused says that all lines of a gateway are, as it does not show them to who reads
     */
    record LineForm(Function<TappedCall, String> call, IntFunction<String> lost, UnaryOperator<String> refused) {}

    /**
     * Creates them.
     *
     * @param gateway  the id of this one
     * @param messages null if messages are shown to nobody
     */
    LineForms(String gateway, @Nullable MessageJson messages) {
        this.gateway = gateway;
        this.messages = messages;
    }

    boolean showMessages() {
        return messages != null;
    }

    /** Returns lines for people; {@code language}: {@code en} or {@code pt}. */
    LineForm text(String language) {
        TapText text = new TapText(language, ZoneId.systemDefault());
        return new LineForm(
                call -> text.line(CallLine.of(call.call(), gateway), shown(call)),
                lost -> text.lost(lost, gateway),
                text::refused);
    }

    /** Returns lines that are JSON. */
    LineForm json() {
        return new LineForm(this::json, lost -> "{\"lost\":" + lost + ",\"gateway\":\"" + gateway + "\"}", other -> {
            JsonObject refused = new JsonObject();
            refused.addProperty("refused", other);
            return refused.toString();
        });
    }

    private String json(TappedCall call) {
        String line = CallLine.of(call.call(), gateway).json();
        MessageJson.Shown shown = shown(call);
        if (shown == null) {
            return line;
        }
        JsonObject with = JsonParser.parseString(line).getAsJsonObject();
        with.add("requests", shown.requests());
        with.add("responses", shown.responses());
        return with.toString();
    }

    private MessageJson.@Nullable Shown shown(TappedCall call) {
        CapturedMessages captured = call.messages();
        return messages == null || captured == null
                ? null
                : messages.of(call.call().record().path(), captured);
    }
}
