package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What is nothing but time that passes, at the same time: streams are silent for longer than any of Nginx's time-outs, while a
 * server is missed until alarms fire, and is back until they end.
 */
@ExtendWith(RunningStack.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LongWaitsIT {
    /** Started after the streams, none of which ends with it. */
    private static final String MISSED = "hello-service-4";

    private final Stack stack;
    private final Caller caller = new Caller();
    private SilentStream conversation;
    private SilentStream upload;

    LongWaitsIT(Stack stack) {
        this.stack = stack;
    }

    @BeforeAll
    void streamsBegin() throws InterruptedException {
        conversation = new SilentStream(caller.async()::converse);
        conversation.expect("World");
        upload = new SilentStream(caller.async()::sayHelloTogether);
    }

    @AfterAll
    void everythingIsAsBefore() {
        caller.close();
        Prometheus.end(stack);
        stack.runs("scale", "hello-service", "3");
        stack.up();
    }

    @Test
    @Order(1)
    void afterAKillUnderLoad_eachPanelShowsSomething_andAlarmsFire() throws InterruptedException {
        stack.runs("scale", "hello-service", "4");
        Prometheus.start(stack);
        try (BackgroundCalls calls = new BackgroundCalls()) {
            Awaitility.await("calls are read twice")
                    .atMost(Prometheus.LIMIT)
                    .until(() -> Prometheus.value("sum(rate(middleware_calls_seconds_count[15s]))") > 10
                            && Prometheus.value("up{instance=\"" + MISSED + "\"}") == 1);
            stack.runs("kill", MISSED);
            Awaitility.await("the kill shows")
                    .atMost(Prometheus.LIMIT)
                    .until(() -> Prometheus.value("max(middleware_instance_state{server=\"" + MISSED
                                            + "\",state=~\"ejected|failing\"})")
                                    == 1
                            && Prometheus.value("sum(increase(middleware_ejections_total[1m]))") > 0);
            List<Observability.Query> queries = Observability.queries();
            assertThat(queries)
                    .hasSizeGreaterThan(20)
                    .allSatisfy(query -> Awaitility.await(query.toString())
                            .atMost(Prometheus.LIMIT)
                            .untilAsserted(() -> assertThat(Prometheus.result(query.expression()))
                                    .as(query.expression())
                                    .isNotEmpty()));
            calls.endWithNothingLost();
        }
        awaitAlarm("MiddlewareDown", MISSED + " is registered in Consul, and does not respond");
        awaitAlarm("MiddlewareInstancesMissing", "hello-service has 4 usable instances");

        stack.runs("start", MISSED);

        Awaitility.await("alarms end")
                .atMost(Prometheus.LIMIT)
                .until(() -> Prometheus.firing().isEmpty());
    }

    @Test
    @Order(2)
    void streamSilentForNinetySeconds_goesOn() throws Exception {
        conversation.staysSilent();
        conversation.greet("Hola");
        conversation.expect("Mundo");
        conversation.complete();
        conversation.awaitEnd();
    }

    @Test
    @Order(3)
    void uploadSilentForNinetySeconds_isAnswered() throws Exception {
        upload.staysSilent();
        upload.greet("Hola");
        upload.complete();
        upload.expect("World, Mundo");
        upload.awaitEnd();
    }

    private static void awaitAlarm(String name, String summary) {
        Awaitility.await(name)
                .atMost(Prometheus.LIMIT)
                .untilAsserted(() -> assertThat(Prometheus.firing())
                        .hasEntrySatisfying(name, said -> assertThat(said).contains(summary)));
    }
}
