package io.middleware.gateway.recorder;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What all gateways keep of calls: this one, and the others if they are to be asked. Blocks while they are. */
final class AllGateways {
    private static final int MOST_LISTED = 100;

    private final Storyteller own;
    private final OtherGateways others;
    private final Gson gson = new Gson();

    /** As it is sent. */
    record Calls(List<CallStory> calls) {}

    AllGateways(Storyteller own, OtherGateways others) {
        this.own = own;
        this.others = others;
    }

    /** Returns the last calls, the newest first. */
    List<CallStory> list(boolean ownOnly) throws InterruptedException {
        List<CallStory> all = new ArrayList<>(own.list(MOST_LISTED));
        if (!ownOnly) {
            all.addAll(calls(others.ask("/dashboard/calls?own")));
        }
        return all.stream()
                .sorted(Comparator.comparing(CallStory::came).reversed())
                .limit(MOST_LISTED)
                .toList();
    }

    /** Returns all calls with this id; see {@link Storyteller#tell}. A call that Nginx has sent to two gateways has two. */
    List<CallStory> tell(String id, String language, @Nullable String suppose, boolean ownOnly)
            throws InterruptedException {
        List<CallStory> all = new ArrayList<>(own.tell(id, language, suppose));
        if (!ownOnly) {
            String target = "/dashboard/calls/" + encoded(id) + "?own&lang=" + language
                    + (suppose == null ? "" : "&what-if=" + encoded(suppose));
            all.addAll(calls(others.ask(target)));
        }
        all.sort(Comparator.comparing(CallStory::came));
        return all;
    }

    /** Plays all calls again, each at the gateway that keeps it. */
    Rehearsal rehearse(boolean ownOnly) throws InterruptedException {
        Rehearsal all = own.rehearse();
        if (!ownOnly) {
            for (String body : others.ask("/dashboard/replay?own")) {
                Rehearsal other = parsed(body, Rehearsal.class);
                all = other == null ? all : all.and(other);
            }
        }
        return all;
    }

    private List<CallStory> calls(List<String> bodies) {
        return bodies.stream()
                .map(body -> parsed(body, Calls.class))
                .filter(Objects::nonNull)
                .flatMap(calls -> Objects.requireNonNull(calls).calls().stream())
                .toList();
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
