package io.middleware.gateway.dashboard.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.gateway.dashboard.chain.ChainPicture.ChainInstance;
import io.middleware.gateway.dashboard.feed.FeedEvent;
import io.middleware.gateway.dashboard.picture.GatewayPicture;
import io.middleware.gateway.dashboard.picture.InstanceView;
import io.middleware.gateway.dashboard.picture.ServiceView;
import io.middleware.gateway.dashboard.traffic.Histogram;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MergeTest {
    @Test
    void whatIsCounted_isAdded_andHistogramsAreMerged() {
        ChainPicture chain = merge(
                known(picture("gateway-1", List.of(), instance("a-1", "passing", 2, 10, millis(1, 99)))),
                known(picture("gateway-2", List.of(), instance("a-1", "passing", 3, 5, millis(100, 1)))));

        ChainInstance instance = chain.instances().getFirst();
        assertThat(instance.inFlight()).isEqualTo(5);
        assertThat(instance.rate()).isEqualTo(15);
        assertThat(instance.p50()).isBetween(0.9, 1.2);
        assertThat(instance.p99()).as("no mean of 1 ms and 100 ms").isBetween(0.9, 1.2);
        assertThat(instance.seen()).containsOnlyKeys("gateway-1", "gateway-2");
        assertThat(chain.services())
                .singleElement()
                .extracting(ServiceView::retries)
                .isEqualTo(14L);
    }

    @Test
    void worstState_isShown() {
        ChainPicture chain = merge(
                known(picture("gateway-1", List.of(), instance("a-1", "passing", 0, 0))),
                known(picture("gateway-2", List.of(), instance("a-1", "ejected", 0, 0))));

        assertThat(chain.instances()).extracting(ChainInstance::state).containsExactly("ejected");
        assertThat(chain.instances().getFirst().seen().get("gateway-1").state()).isEqualTo("passing");
    }

    @Test
    void whatASilentGatewaySaw_countsOnlyIfNobodyElseKnows() {
        KnownPicture silent = new KnownPicture(
                "gateway-2",
                picture("gateway-2", List.of(), instance("a-1", "ejected", 7, 9), instance("a-2", "ejected", 0, 0)),
                4_000,
                true,
                false);
        ChainPicture chain = merge(known(picture("gateway-1", List.of(), instance("a-1", "passing", 1, 2))), silent);

        assertThat(chain.gateways()).extracting(ChainPicture.GatewayView::state).containsExactly("up", "silent");
        assertThat(chain.gateways().get(1).age()).isEqualTo(4_000);
        assertThat(chain.instances()).extracting(ChainInstance::state).containsExactly("passing", "ejected");
        assertThat(chain.instances().getFirst().inFlight()).isEqualTo(1);
        assertThat(chain.services())
                .singleElement()
                .extracting(ServiceView::retries)
                .isEqualTo(7L);
    }

    @Test
    void gatewayWithoutPicture_isNamed() {
        ChainPicture chain =
                merge(known(picture("gateway-1", List.of())), new KnownPicture("gateway-2", null, 1_000, true, false));

        assertThat(chain.gateways()).extracting(ChainPicture.GatewayView::state).containsExactly("up", "unknown");
    }

    @Test
    void gatewayThatGivesNoneWithoutCredentials_isNamedAsSuch() {
        ChainPicture chain =
                merge(known(picture("gateway-1", List.of())), new KnownPicture("gateway-2", null, 1_000, false, true));

        assertThat(chain.gateways()).extracting(ChainPicture.GatewayView::state).containsExactly("up", "withheld");
    }

    @Test
    void instances_areInTheOrderOfPeople() {
        ChainPicture chain = merge(known(picture(
                "gateway-1",
                List.of(),
                instance("a-10", "passing", 0, 0),
                instance("a-9", "passing", 0, 0),
                instance("a-1", "passing", 0, 0))));

        assertThat(chain.instances()).extracting(ChainInstance::id).containsExactly("a-1", "a-9", "a-10");
    }

    @Test
    void oneEvent_isMadeOfWhatAllGatewaysSaw() {
        ChainPicture chain = merge(
                known(picture(
                        "gateway-1",
                        List.of(
                                event("gateway-1", 1_000, "ejected", Map.of("moved", 2L, "afterMs", 50L)),
                                event("gateway-1", 9_000, "back", Map.of())))),
                known(picture(
                        "gateway-2",
                        List.of(
                                event("gateway-2", 1_020, "ejected", Map.of("moved", 1L, "afterMs", 41L)),
                                event("gateway-2", 30_000, "ejected", Map.of())))));

        assertThat(chain.events()).extracting(FeedEvent::kind).containsExactly("ejected", "back", "ejected");
        assertThat(chain.events().getFirst().gateways()).containsExactly("gateway-1", "gateway-2");
        assertThat(chain.events().getFirst().numbers()).isEqualTo(Map.of("moved", 3L, "afterMs", 41L));
    }

    @Test
    void sameEventOfOneGateway_isShownTwice() {
        ChainPicture chain = merge(known(picture(
                "gateway-1",
                List.of(
                        event("gateway-1", 1_000, "ejected", Map.of()),
                        event("gateway-1", 2_000, "ejected", Map.of())))));

        assertThat(chain.events()).hasSize(2);
    }

    private static ChainPicture merge(KnownPicture... pictures) {
        return Merge.of(List.of(pictures), List.of(), view -> Extras.NONE, 10_000, "gateway-1");
    }

    private static KnownPicture known(GatewayPicture picture) {
        return new KnownPicture(picture.id(), picture, 0, false, false);
    }

    private static FeedEvent event(String gateway, long at, String kind, Map<String, Long> numbers) {
        return new FeedEvent(gateway + ":" + at, at, kind, "a", "a-1", null, null, numbers, List.of(gateway));
    }

    private static int[] millis(long millis, int count) {
        return new int[] {Histogram.bucket(TimeUnit.MILLISECONDS.toNanos(millis)), count};
    }

    private static InstanceView instance(String id, String state, int inFlight, double rate, int... latency) {
        return new InstanceView(
                "a",
                id,
                "127.0.0.1",
                1,
                "primary",
                1,
                state,
                "passing",
                null,
                null,
                0,
                inFlight,
                null,
                rate,
                0,
                latency,
                null);
    }

    private static GatewayPicture picture(String id, List<FeedEvent> events, InstanceView... instances) {
        return new GatewayPicture(
                id,
                0,
                0,
                false,
                null,
                0,
                0,
                0,
                new int[0],
                0,
                List.of(new ServiceView("a", List.of("a.A"), 1, 7, 0, 0, 0, 0, 0)),
                List.of(instances),
                events,
                List.of());
    }
}
