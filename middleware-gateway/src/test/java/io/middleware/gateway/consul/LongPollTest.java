package io.middleware.gateway.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.middleware.starter.ConsulToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** Against answers that a real Consul gives too rarely to wait for. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
class LongPollTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String STALL = "and nothing more";
    private static final String FIRST = "/v1/things?consistent";

    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final ConsulReachability reachability = new ConsulReachability("consul", System::nanoTime);
    private HttpServer server;
    private ConsulHttp consul;
    private LongPoll<JsonNode> poll;
    private final Worker worker = new Worker("test") {
        @Override
        void after(Duration delay, Runnable task) {
            if (!delay.isZero()) {
                pauses.add(delay);
            }
            super.after(delay.isZero() ? delay : Duration.ofMillis(1), task);
        }
    };

    private record Answer(int status, String index, String body, String age) {
        Answer(int status, String index, String body) {
            this(status, index, body, null);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        consul = new ConsulHttp(
                URI.create("http://localhost:" + server.getAddress().getPort()),
                null,
                ConsulToken.fixed("secret"),
                Duration.ofMillis(300));
        poll = new LongPoll<>(
                consul,
                "/v1/things",
                consul::json,
                answer -> heard.add(answer.body().toString()),
                reachability,
                new BackOff(new Random(1)),
                worker);
        poll.start();
    }

    @AfterEach
    void stop() {
        poll.stop();
        worker.close();
        consul.close();
        server.stop(0);
    }

    @Test
    void stoppedPoll_endsItsQuery_andAsksNoMore() {
        give(200, "7", "[1]");
        await().atMost(LIMIT).until(() -> questions.size() == 2);
        poll.stop();
        give(200, "8", "[2]");
        give(200, "9", "[3]");
        await().pollDelay(Duration.ofMillis(300)).atMost(LIMIT).until(() -> heard.size() == 1);
        assertThat(questions).hasSize(2);
        assertThat(reachability.age()).isZero();
    }

    @Test
    void agentsCopy_isAskedForOnceThereIsAnIndex_andIsNotBelievedWhenItIsOld(CapturedOutput output) {
        await().atMost(LIMIT).until(() -> questions.size() == 1);
        poll.stop();
        try (ConsulHttp cached = new ConsulHttp(
                URI.create("http://localhost:" + server.getAddress().getPort()),
                null,
                ConsulToken.fixed("secret"),
                Duration.ofMillis(300),
                true)) {
            poll = new LongPoll<>(
                    cached,
                    "/v1/copies",
                    cached::json,
                    answer -> heard.add(answer.body().toString()),
                    reachability,
                    new BackOff(new Random(1)),
                    worker);
            give(200, "6", "[0]"); // for the query that was given up
            poll.start();
            give(200, "7", "[1]");
            answers.add(new Answer(200, "8", "[2]", "30"));
            give(200, "9", "[3]");
            await().atMost(LIMIT).until(() -> heard.contains("[3]"));
            assertThat(heard).doesNotContain("[2]");
            assertThat(questions)
                    .contains("/v1/copies?consistent", "/v1/copies?index=7&wait=300ms&cached")
                    .noneMatch(question -> question.contains("consistent") && question.contains("cached"));
            assertThat(output).contains("the agent's copy is 30 s old");
            poll.stop();
        }
    }

    @Test
    void manyPolls_haveNoThreadsOfTheirOwn() {
        int before = Thread.getAllStackTraces().size();
        List<LongPoll<JsonNode>> polls = IntStream.range(0, 100)
                .mapToObj(i -> new LongPoll<>(
                        consul,
                        "/v1/many",
                        consul::json,
                        answer -> {},
                        reachability,
                        new BackOff(new Random(1)),
                        worker))
                .toList();
        polls.forEach(LongPoll::start);
        await().atMost(LIMIT).until(() -> questions.size() > 100);
        // the server's are virtual
        assertThat(Thread.getAllStackTraces().size()).isLessThan(before + 20);
        polls.forEach(LongPoll::stop);
    }

    @Test
    void index_isAskedForAfterTheFirstResponse() {
        give(200, "7", "[1]");
        give(200, "9", "[2]");

        await().atMost(LIMIT).until(() -> questions.size() >= 3);
        assertThat(questions).startsWith(FIRST, "/v1/things?index=7&wait=300ms", "/v1/things?index=9&wait=300ms");
        assertThat(heard).containsExactly("[1]", "[2]");
        assertThat(pauses)
                .as("news that come together are heard together")
                .hasSize(2)
                .allSatisfy(pause -> assertThat(pause).isBetween(LongPoll.BATCH, LongPoll.LONGEST_BATCH));
    }

    @Test
    void index_isForgottenWhenItGoesBackwards_andWhatCameWithItIsAskedAnew() {
        give(200, "7", "[1]");
        give(200, "3", "[2]");
        give(200, "3", "[3]");

        await().atMost(LIMIT).until(() -> questions.size() >= 4);
        assertThat(questions.subList(1, 4))
                .containsExactly("/v1/things?index=7&wait=300ms", FIRST, "/v1/things?index=3&wait=300ms");
        assertThat(heard).as("Consul may have read half of its log").containsExactly("[1]", "[3]");
    }

    @Test
    void index_zeroOrMissingIsNotAskedForInAHurry() {
        give(200, "0", "[1]");
        give(200, null, "[2]");
        give(200, "nonsense", "[3]");

        await().atMost(LIMIT).until(() -> questions.size() >= 4);
        assertThat(questions).containsOnly(FIRST);
        assertThat(pauses).hasSize(3).allMatch(pause -> pause.compareTo(BackOff.MIN) >= 0);
    }

    @Test
    void failures_keepWhatWasHeardAndAreToldOnce(CapturedOutput output) {
        give(200, "7", "[1]");
        give(500, null, "No cluster leader\nand more");
        give(200, "8", "no JSON");
        give(200, "8", "[2]");

        await().atMost(LIMIT).until(() -> heard.size() == 2);
        assertThat(heard).containsExactly("[1]", "[2]");
        assertThat(questions.subList(2, 4)).as("sent again").containsOnly(FIRST);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(pauses)
                        .hasSize(4)
                        .allSatisfy(pause -> assertThat(pause).isGreaterThanOrEqualTo(LongPoll.BATCH)));
        assertThat(output)
                .containsOnlyOnce("gives no usable response: status 500: No cluster leader; the")
                .doesNotContain("\tat ");
    }

    @Test
    void silence_endsSomewhatAfterTheWait(CapturedOutput output) {
        give(200, "7", "[1]");
        await().atMost(LIMIT).until(() -> questions.size() == 2);
        assertThat(reachability.age()).as("an open question is proof enough").isZero();

        await().atMost(LIMIT).until(() -> questions.size() == 3);
        assertThat(questions.getLast()).isEqualTo(FIRST);
        assertThat(reachability.age()).isGreaterThan(Duration.ofMillis(300));
        assertThat(output).containsOnlyOnce("gives no usable response: no response within 5 s");
    }

    @Test
    void responseThatStopsInTheMiddle_isNotWaitedFor(CapturedOutput output) {
        answers.add(new Answer(200, "7", "[1, " + STALL));
        give(200, "8", "[2]");

        await().atMost(LIMIT).until(() -> heard.contains("[2]"));
        assertThat(heard).containsExactly("[2]");
        assertThat(output).containsOnlyOnce("no response within 5 s");
    }

    @Test
    void listenersBug_doesNotEndThePoll(CapturedOutput output) {
        poll.stop();
        poll = new LongPoll<>(
                consul,
                "/v1/broken",
                consul::json,
                answer -> {
                    heard.add(answer.toString());
                    throw new IllegalStateException("a bug");
                },
                reachability,
                new BackOff(new Random(1)),
                worker);
        answers.clear();
        poll.start();
        give(200, "1", "[1]");
        give(200, "2", "[2]");

        await().atMost(LIMIT).until(() -> heard.size() == 2);
        assertThat(output).contains("cannot process Consul's response to /v1/broken");
    }

    private void give(int status, String index, String body) {
        answers.add(new Answer(status, index, body));
    }

    private void answer(HttpExchange exchange) throws IOException {
        questions.add(exchange.getRequestURI().toString());
        assertThat(exchange.getRequestHeaders().getFirst("X-Consul-Token")).isEqualTo("secret");
        try {
            Answer answer = answers.take();
            if (answer.index != null) {
                exchange.getResponseHeaders().set("X-Consul-Index", answer.index);
            }
            if (answer.age != null) {
                exchange.getResponseHeaders().set("Age", answer.age);
            }
            byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status, answer.body.endsWith(STALL) ? body.length + 1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.getResponseBody().flush();
            if (!answer.body.endsWith(STALL)) {
                exchange.close();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
