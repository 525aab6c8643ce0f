package io.middleware.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.middleware.testsupport.Browser;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page in a real browser, served by one of two gateways in front of real gRPC servers. */
class DashboardIT {
    private static final String FIRST = "li.card:nth-child(1)";

    private static TwoGateways gateways;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Browser.program().isPresent(), Browser.MISSING);
        gateways = new TwoGateways();
        await().until(gateways::settled);
        browser = new Browser();
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
            gateways.close();
        }
    }

    @Test
    void page_showsTheChain_theWayOfACall_andAnInstanceThatEnds() throws IOException {
        browser.open(url("/dashboard/?lang=en"));
        browser.awaitText("#status", "live");
        browser.awaitText(FIRST, "passing");
        browser.awaitText(".chain", "gateway-2");

        browser.click("#send");
        browser.awaitText("#steps", "World is back in the browser");
        assertThat(browser.violations()).as("violations").isEqualTo("[]");

        gateways.killFirstServerAtNextCall();
        for (int i = 0; i < 20; i++) {
            assertThat(gateways.second().get("/hello?message=Hello").body()).contains("World");
        }
        browser.awaitText(FIRST, "ejected");
        browser.awaitText("#feed", "moved, 0 lost");

        browser.click("#language");
        browser.awaitText(FIRST, "ejetada");
        browser.awaitText("#steps", "World está de volta no navegador");
        browser.awaitText("#feed", "0 perdidas");
        assertThat(browser.evaluate("document.documentElement.lang")).isEqualTo("pt-BR");
        browser.click("#theme");
        browser.click("#view");
        browser.awaitText("#tables", "hello-1");
        assertThat(browser.violations())
                .as("violations in the other theme, as tables")
                .isEqualTo("[]");

        // no gateway here keeps calls, and a browser tells of each 404
        assertThat(browser.complaints()).allMatch(complaint -> complaint.contains("/dashboard/calls/"));
        assertThat(browser.requests())
                .isNotEmpty()
                .allMatch(requested -> requested.startsWith(url("/")) || requested.startsWith("about:"));
    }

    private static String url(String path) {
        return "http://127.0.0.1:" + gateways.first().port() + path;
    }
}
