package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.middleware.testsupport.Browser;
import io.middleware.testsupport.Tab;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

/** A class looks at the page while parts fail: no call is lost by that, and no tab loses sight of the chain. */
@ExtendWith(RunningStack.class)
class TabsIT {
    private static final int TABS = 10;
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Stack stack;

    TabsIT(Stack stack) {
        this.stack = stack;
    }

    @AfterEach
    void everythingRunsAgain() {
        stack.up();
    }

    /** What the gateways cost is printed, not demanded: the machine may have other work. */
    @Test
    void tenTabs_whileServersAndTheRegistryFail_loseNothing() throws Exception {
        assumeTrue(Stack.MODE == RunMode.LOCAL, "processes, whose time can be read");
        assumeTrue(Browser.program().isPresent(), Browser.MISSING);
        try (BackgroundCalls calls = new BackgroundCalls()) {
            double alone = processorWhile(this::breakAndMend);
            try (HttpClient others = HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .build();
                    Browser browser = new Browser()) {
                List<Tab> tabs = open(browser);
                List<CompletableFuture<?>> watchers = watch(others);
                double watched = processorWhile(this::breakAndMend);
                System.out.printf(
                        "Ten tabs: two gateways took %.1f %% of a processor with them, %.1f %% without%n",
                        100 * watched, 100 * alone);
                for (Tab tab : tabs) {
                    tab.awaitText("#status", "live");
                    tab.awaitText("#feed", "hello-service-2 stopped responding");
                    assertThat(tab.complaints()).as("errors in a tab").isEmpty();
                }
                assertThat(watchers).as("streams that have ended").noneMatch(CompletableFuture::isDone);
                others.shutdownNow();
            }
            calls.endWithNothingLost();
        }
    }

    private static List<Tab> open(Browser browser) throws IOException, InterruptedException {
        List<Tab> tabs = new ArrayList<>(List.of(browser));
        while (tabs.size() < TABS) {
            tabs.add(browser.newTab());
        }
        for (Tab tab : tabs) {
            tab.open(Stack.HTTP + "/dashboard/?lang=en");
        }
        tabs.forEach(tab -> tab.awaitText("#status", "live"));
        return tabs;
    }

    /** All tabs of a browser share one stream, so as many others watch, too. */
    private static List<CompletableFuture<?>> watch(HttpClient others) {
        HttpRequest events = HttpRequest.newBuilder(URI.create(Stack.HTTP + "/dashboard/events"))
                .build();
        List<CompletableFuture<?>> watchers = new ArrayList<>();
        while (watchers.size() < TABS) {
            watchers.add(others.sendAsync(events, BodyHandlers.discarding()));
        }
        return watchers;
    }

    private void breakAndMend() {
        stack.runs("kill", "hello-service-1");
        stack.runs("pause", "consul");
        stack.runs("pause", "hello-service-2");
        await().atMost(PATIENCE).until(() -> isEjected("hello-service-2"));
        // first Consul: who resumes a server waits until it is registered
        stack.runs("resume", "consul");
        stack.runs("resume", "hello-service-2");
        stack.runs("start", "hello-service-1");
        await().atMost(PATIENCE).until(() -> !isEjected("hello-service-1") && !isEjected("hello-service-2"));
    }

    private boolean isEjected(String instance) {
        String picture = stack.get("/dashboard/picture").body();
        return StreamSupport.stream(JSON.readTree(picture).get("instances").spliterator(), false)
                .filter(each -> each.get("id").asString().equals(instance))
                .anyMatch(each -> each.get("state").asString().equals("ejected"));
    }

    /** Returns the share of a processor that the gateways took meanwhile, both together. */
    private double processorWhile(Runnable something) {
        Duration before = processorTime();
        long began = System.nanoTime();
        something.run();
        return (double) processorTime().minus(before).toNanos() / (System.nanoTime() - began);
    }

    private Duration processorTime() {
        return List.of("gateway-1", "gateway-2").stream()
                .map(name -> ProcessHandle.of(stack.part(name).get("pid").asLong())
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElseThrow())
                .reduce(Duration.ZERO, Duration::plus);
    }
}
