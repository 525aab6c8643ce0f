package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The demo's counters, which a server holds in its memory: calls about one find it there, at whichever gateway they come in. */
@ExtendWith(RunningStack.class)
class StickyIT {
    private static final int CALLS = 20;

    private final Stack stack;
    private final String path = "/counters/it-" + System.nanoTime();
    private final Set<String> gateways = new HashSet<>();

    StickyIT(Stack stack) {
        this.stack = stack;
    }

    @AfterEach
    void everythingRunsAgain() {
        stack.up();
    }

    @Test
    void counter_staysWithItsServer_andGoesToTheNextInRankWhenThatDies() {
        String owner = countsUpTo(CALLS);
        assertThat(gateways).as("gateways, which have not talked to each other").hasSize(2);
        assertThat(get().body()).contains("\"value\":\"" + CALLS + "\"");
        assertThat(why()).contains(owner + " is chosen by the key of the call (field name): first of 3 in rank.");
        stack.runs("kill", owner);
        await("both gateways have noticed").until(this::bothGatewaysFindIt);
        String next = countsUpTo(CALLS);
        assertThat(next).as("the next in rank, which has begun at zero").isNotEqualTo(owner);
        assertThat(get().body()).contains("\"value\":\"" + CALLS + "\"");
        stack.runs("start", owner);
        await("its counters come back to it")
                .atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(instance(get())).isEqualTo(owner));
    }

    /** Adds 1 so often, each time to one more, and returns the one server that did it. */
    private String countsUpTo(int calls) {
        Set<String> servers = new HashSet<>();
        for (int call = 1; call <= calls; call++) {
            HttpResponse<String> answer = stack.post(path, "{}");
            assertThat(answer.body()).as("call %d", call).contains("\"value\":\"" + call + "\"");
            servers.add(instance(answer));
            answer.headers().firstValue("middleware-gateway").ifPresent(gateways::add);
        }
        assertThat(servers).hasSize(1);
        return servers.iterator().next();
    }

    private HttpResponse<String> get() {
        return stack.get(path);
    }

    /** A call that was on its way when its server died may have run, so it is not made again by itself: each gateway may lose one. */
    private boolean bothGatewaysFindIt() {
        gateways.clear();
        boolean found = true;
        for (int call = 1; call <= 4; call++) {
            HttpResponse<String> answer = get();
            found &= answer.statusCode() == 200;
            answer.headers().firstValue("middleware-gateway").ifPresent(gateways::add);
        }
        return found && gateways.size() == 2;
    }

    private String why() {
        String id = "why-sticky-" + System.nanoTime();
        assertThat(stack.get(path, "x-call-id", id).statusCode()).isEqualTo(200);
        return stack.runs("why", id, "--lang", "en").out();
    }

    private static String instance(HttpResponse<String> answer) {
        return answer.headers().firstValue("middleware-instance").orElse("none");
    }
}
