package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.middleware.testsupport.Browser;
import io.middleware.testsupport.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The page in a real browser while parts of the whole chain fail under calls, as a class sees it. Pictures of each act are written to
 * the folder that the system property {@code pictures} names, from the root of the repository; those of the tour were made so.
 */
@ExtendWith(RunningStack.class)
class PageIT {
    /** From when a server is dead until the page shows that it is. */
    private static final long LATEST_MILLIS = 1_000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path PICTURES =
            Repository.root().resolve(System.getProperty("pictures", "system-tests/target/pictures"));

    private final Stack stack;
    private Browser browser;

    PageIT(Stack stack) {
        this.stack = stack;
    }

    @BeforeEach
    void openPage() throws Exception {
        assumeTrue(Browser.program().isPresent(), Browser.MISSING);
        browser = new Browser();
        browser.resize(1280, 860);
        browser.open(Stack.HTTP + "/dashboard/?lang=en");
        browser.awaitText("#status", "live");
        browser.evaluate("""
                window.turned = {}
                new MutationObserver(changes => changes.forEach(({target}) => {
                  if (target.matches?.('li.card')) {
                    const id = target.querySelector('h4').textContent
                    window.turned[id + ' ' + target.dataset.state] ??= Date.now()
                  }
                })).observe(document.body, {subtree: true, childList: true, attributeFilter: ['data-state']}); ''""");
    }

    @AfterEach
    void everythingRunsAgain() throws IOException {
        stack.up();
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void eachAct_isSeenOnThePage_andNothingIsLost() throws Exception {
        try (BackgroundCalls calls = new BackgroundCalls()) {
            for (int number = 1; number <= 3; number++) {
                awaitState("hello-service-" + number, "passing");
            }
            browser.click("#send");
            browser.awaitText("#steps", "World is back in the browser");
            endAct("way-of-a-call");

            stack.runs("kill", "hello-service-1");
            long dead = System.currentTimeMillis();
            assertThat(leftPassing("hello-service-1") - dead)
                    .as("milliseconds until the killed server turns")
                    .isLessThanOrEqualTo(LATEST_MILLIS);
            browser.awaitText("#feed", "0 lost");
            endAct("killed");
            stack.runs("start", "hello-service-1");
            awaitState("hello-service-1", "passing");

            stack.runs("pause", "hello-service-2");
            awaitState("hello-service-2", "ejected");
            endAct("frozen");
            stack.runs("resume", "hello-service-2");
            awaitState("hello-service-2", "passing");

            stack.runs("pause", "consul");
            browser.awaitText("#age", "Consul has given no usable response");
            endAct("registry-away");
            stack.runs("resume", "consul");
            browser.awaitText("#age", "now, from");
            calls.endWithNothingLost();
        }
        fallbackIsSeen();
        assertThat(browser.complaints()).as("errors in the browser's console").isEmpty();
        gatewayThatDiesIsSeen();
    }

    private void fallbackIsSeen() throws Exception {
        for (int number = 1; number <= 3; number++) {
            stack.runs("kill", "hello-service-" + number);
        }
        try (BackgroundCalls calls = new BackgroundCalls()) {
            browser.awaitText("#tables,#chain", "hello-secondary-1");
            await().atMost(PATIENCE).until(() -> !rate("hello-secondary-1").startsWith("0"));
            endAct("fallback");
            stack.up();
            calls.endWithNothingLost();
        }
    }

    /** It is the one that does not serve the page. */
    private void gatewayThatDiesIsSeen() throws Exception {
        browser.awaitText("#age", "now, from gateway-");
        boolean first =
                browser.evaluate("document.querySelector('#age').textContent").contains("gateway-1");
        String other = first ? "gateway-2" : "gateway-1";
        try (BackgroundCalls calls = BackgroundCalls.asTheManualWantsThem()) {
            stack.runs("kill", other);
            browser.awaitText("#feed", other + " does not respond");
            browser.awaitText("#status", "live");
            endAct("gateway-killed");
            calls.endWithNothingLost();
        }
    }

    /** Returns when the page showed that the instance is not passing any more, in milliseconds since 1970. */
    private long leftPassing(String instance) {
        String first = "Math.min(...Object.entries(window.turned).filter(([turn]) => turn.startsWith('" + instance
                + " ') && !turn.endsWith(' passing')).map(([, at]) => at))";
        await().atMost(PATIENCE).until(() -> browser.evaluate("Number.isFinite(" + first + ")"), "true"::equals);
        return Long.parseLong(browser.evaluate("String(" + first + ")"));
    }

    private void awaitState(String instance, String state) {
        await().atMost(PATIENCE).until(() -> browser.evaluate(card(instance) + "?.dataset.state"), state::equals);
    }

    private String rate(String instance) {
        return browser.evaluate(card(instance) + "?.querySelector('dd').textContent ?? '0'");
    }

    private static String card(String instance) {
        return "[...document.querySelectorAll('li.card')].find(each => each.querySelector('h4').textContent === '"
                + instance + "')";
    }

    /** Takes pictures in both languages, and looks for what is hard to use. */
    private void endAct(String name) throws IOException {
        browser.takePicture(PICTURES.resolve(name + ".png"));
        assertThat(browser.violations()).as("violations in the act %s", name).isEqualTo("[]");
        browser.click("#language");
        browser.awaitText("#steps", "World está de volta no navegador");
        browser.takePicture(PICTURES.resolve(name + ".pt-BR.png"));
        browser.click("#language");
        browser.awaitText("#steps", "World is back in the browser");
    }
}
