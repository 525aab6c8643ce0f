package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.consul.ConsulAutoConfiguration.ConsulClientSettings;
import org.springframework.cloud.consul.discovery.ReregistrationPredicate;
import org.springframework.cloud.consul.model.http.agent.NewService;
import org.springframework.cloud.consul.model.http.health.Check.CheckStatus;

@ExtendWith(OutputCaptureExtension.class)
class ServiceHeartbeatTest {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final String REGISTER = "/v1/agent/service/register";
    private static final String PASS = "/v1/agent/check/pass/service:greeter-1";

    /** Statuses to answer with; 200 when there is none left. */
    private final Queue<Integer> answers = new ArrayDeque<>();

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final HeartbeatListener listener = new HeartbeatListener() {
        @Override
        public void onSuccess() {
            heard.add("answered");
        }

        @Override
        public void onFailure(String reason) {
            heard.add(reason);
        }
    };
    private HttpServer consul;
    private CheckStatus status = CheckStatus.PASSING;
    private String address = "192.0.2.7";
    private ServiceHeartbeat heartbeat;

    @BeforeEach
    void startConsul() throws IOException {
        consul = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        consul.createContext("/", this::answer);
        consul.start();
        NewService service = new NewService();
        service.setId("greeter-1");
        service.setAddress(address);
        ConsulTokenHeader token = new ConsulTokenHeader(ConsulToken.fixed(""));
        String url = "http://127.0.0.1:" + consul.getAddress().getPort();
        heartbeat = new ServiceHeartbeat(
                service,
                () -> address,
                new ServiceHeartbeat.Wiring(
                        new ConsulRegistrationConfiguration()
                                .instanceConsulClient(
                                        new ConsulClientSettings(url, null, null), new ConsulTls(null), token),
                        token::accepted,
                        ReregistrationPredicate.DEFAULT,
                        () -> status,
                        INTERVAL,
                        InstantSource.fixed(NOW)),
                new ConsulReachability("consul:8500", InstantSource.fixed(NOW), List.of(listener)));
    }

    @AfterEach
    void stopConsul() {
        consul.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().getPath()
                + note(exchange.getRequestURI().getQuery()));
        Integer answer = answers.poll();
        exchange.sendResponseHeaders(answer == null ? 200 : answer, -1);
        exchange.close();
    }

    private static String note(String query) {
        return query == null ? "" : "?" + query;
    }

    @Test
    void firstBeat_registersAndSaysWhenItBeat() {
        assertThat(heartbeat.beat()).isEqualTo(INTERVAL);
        assertThat(asked)
                .containsExactly(REGISTER, PASS + "?note=beat at 2026-01-02T03:04:05.678Z, next within 1000 ms");
    }

    @Test
    void laterBeats_onlyReport() {
        heartbeat.beat();
        asked.clear();
        heartbeat.beat();
        assertThat(asked).singleElement().asString().startsWith(PASS);
    }

    @Test
    void forgottenByConsul_registersAtOnce() {
        heartbeat.beat();
        asked.clear();
        answers.add(500);
        assertThat(heartbeat.beat()).isEqualTo(INTERVAL);
        assertThat(asked)
                .satisfiesExactly(
                        path -> assertThat(path).startsWith(PASS),
                        path -> assertThat(path).isEqualTo(REGISTER),
                        path -> assertThat(path).startsWith(PASS));
    }

    @Test
    void forgottenByConsulThatRefusesToRegister_registersWithTheNextBeat() {
        heartbeat.beat();
        asked.clear();
        answers.addAll(List.of(500, 500));
        heartbeat.beat();
        heartbeat.beat();
        assertThat(asked.stream().filter(REGISTER::equals)).hasSize(2);
        assertThat(asked.getLast()).startsWith(PASS);
    }

    @Test
    void refusedForAnotherReason_registersNotAgain() {
        heartbeat.beat();
        asked.clear();
        answers.add(403);
        assertThat(heartbeat.beat()).isLessThan(INTERVAL);
        assertThat(asked).hasSize(1);
    }

    @Test
    void illApplication_isCritical() {
        status = CheckStatus.CRITICAL;
        heartbeat.beat();
        assertThat(asked.getLast()).startsWith("/v1/agent/check/fail/service:greeter-1");
    }

    @Test
    void applicationThatDoesNotSay_isPassing() {
        status = CheckStatus.UNKNOWN;
        heartbeat.beat();
        assertThat(asked.getLast()).startsWith(PASS);
    }

    @Test
    void outage_isLoggedOnceAndBeatsFaster(CapturedOutput log) {
        consul.stop(0);
        assertThat(heartbeat.beat()).isEqualTo(Duration.ofMillis(250));
        assertThat(heartbeat.beat()).isEqualTo(Duration.ofMillis(250));
        assertThat(log.getOut().lines().filter(line -> line.contains("no heartbeat reaches Consul at consul:8500")))
                .hasSize(1);
        assertThat(log.getOut()).doesNotContain("\tat ");
    }

    @Test
    void listener_hearsOfEachBeat() {
        heartbeat.beat();
        answers.add(403);
        heartbeat.beat();
        consul.stop(0);
        heartbeat.beat();
        assertThat(heard)
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo("answered"),
                        second -> assertThat(second).contains("403"),
                        third -> assertThat(third).isNotBlank().isNotEqualTo("answered"));
    }

    @Test
    void anotherAddress_registersAnewAndSaysSoOnce(CapturedOutput log) {
        heartbeat.beat();
        asked.clear();
        address = "192.0.2.8";
        heartbeat.beat();
        assertThat(asked)
                .satisfiesExactly(
                        path -> assertThat(path).isEqualTo(REGISTER),
                        path -> assertThat(path).startsWith(PASS));
        asked.clear();
        heartbeat.beat();
        assertThat(asked).singleElement().asString().startsWith(PASS);
        assertThat(log.getOut()).containsOnlyOnce("the address of greeter-1 changed from 192.0.2.7 to 192.0.2.8");
    }

    @Test
    void anotherAddressWhileConsulIsAway_registersWhenItAnswers() {
        heartbeat.beat();
        asked.clear();
        address = "192.0.2.8";
        answers.addAll(List.of(500, 500));
        heartbeat.beat();
        heartbeat.beat();
        heartbeat.beat();
        assertThat(asked)
                .satisfiesExactly(
                        path -> assertThat(path).isEqualTo(REGISTER),
                        path -> assertThat(path).isEqualTo(REGISTER),
                        path -> assertThat(path).isEqualTo(REGISTER),
                        path -> assertThat(path).startsWith(PASS));
    }

    @Test
    void stoppedHeartbeat_saysNothing() {
        heartbeat.stop();
        heartbeat.beat();
        assertThat(asked).isEmpty();
    }
}
