package io.middleware.gateway.recorder;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all gateways keep of calls: this one, and the others unless one of them asks. Blocks while they are. */
final class AllGateways {
    private static final int MOST_LISTED = 100;

    private final Storyteller own;
    private final OtherGateways others;
    private final Gson gson = new Gson();

    /**
     * As it is sent.
     *
     * @param silent   see {@link Missing}
     * @param withheld the same
     */
    record Calls(List<CallStory> calls, List<String> silent, List<String> withheld) {
        Calls {
            calls = calls == null ? List.of() : List.copyOf(calls);
        }

        Calls(List<CallStory> calls, Missing missing) {
            this(calls, missing.silent(), missing.withheld());
        }

        Missing missing() {
            return new Missing(silent, withheld);
        }
    }

    AllGateways(Storyteller own, OtherGateways others) {
        this.own = own;
        this.others = others;
    }

    /** Returns the last calls, the newest first. */
    Calls list(Asker asker) throws InterruptedException {
        OtherGateways.Answers answers = others.ask("/dashboard/calls?own&format=json", asker);
        List<CallStory> all = merged(own.list(MOST_LISTED), answers).reversed();
        return new Calls(all.subList(0, Math.min(all.size(), MOST_LISTED)), answers.missing());
    }

    /** Returns the calls with this id; see {@link Storyteller#tell}. A call that Nginx has sent to two gateways has two. */
    Calls tell(String id, String language, @Nullable String suppose, Asker asker) throws InterruptedException {
        List<CallStory> here = own.tell(id, language, suppose);
        String target = "/dashboard/calls/" + encoded(id) + "?own&format=json&lang=" + language
                + (suppose == null ? "" : "&what-if=" + encoded(suppose));
        OtherGateways.Answers answers = others.ask(target, asker);
        return new Calls(merged(here, answers), answers.missing());
    }

    /** Plays all calls again, each at the gateway that keeps it. */
    Rehearsal rehearse(Asker asker) throws InterruptedException {
        Rehearsal all = own.rehearse();
        OtherGateways.Answers answers = others.ask("/dashboard/replay?own&format=json", asker);
        for (String body : answers.bodies()) {
            Rehearsal other = parsed(body, Rehearsal.class);
            all = other == null ? all : all.and(other);
        }
        return all.without(answers.missing());
    }

    /** Returns all calls, the oldest first. */
    private List<CallStory> merged(List<CallStory> here, OtherGateways.Answers answers) {
        List<CallStory> all = new ArrayList<>(here);
        for (String body : answers.bodies()) {
            Calls calls = parsed(body, Calls.class);
            if (calls != null) {
                all.addAll(calls.calls());
            }
        }
        all.sort(Comparator.comparing(CallStory::came));
        return all;
    }

    /** Returns null for what a gateway of another version says otherwise. */
    private <T> @Nullable T parsed(String body, Class<T> type) {
        try {
            return gson.fromJson(body, type);
        } catch (JsonParseException ofAnotherVersion) {
            return null;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
