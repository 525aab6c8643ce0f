package io.middleware.systemtests;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers are killed while callers by each protocol have calls in flight: only streams that have begun end with it. */
class ProtocolFailoverIT {

    /** Of a reply. The longest stream has seven. */
    private static final Map<String, String> SLOW_REPLIES = Map.of("HELLO_WORK", "200ms");

    private static final List<String> KILLED =
            List.of("hello-service-1", "hello-service-2", "hello-service-3", "hello-service-1");

    private final Stack stack = new Stack();

    @BeforeEach
    void replyingTakesTime() {
        stack.runs("down");
        stack.runs(SLOW_REPLIES, "up", Stack.MODE.flag(), "--port-offset", Integer.toString(Stack.OFFSET));
    }

    /** The next class starts its own, whose servers reply at once. */
    @AfterEach
    void nothingRuns() {
        stack.runs("down");
    }

    @Test
    void serversKilledOneByOne_onlyBegunStreamsEnd_andTheySayWhy() throws InterruptedException {
        try (ProtocolLoad load = new ProtocolLoad()) {
            load.await(500);
            for (String server : KILLED) {
                stack.runs("kill", server);
                load.await(200);
                stack.runs("start", server);
            }
            load.endWithNothingLost();
        }
    }
}
