package io.middleware.gateway.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.middleware.gateway.ended.CallLine;
import io.middleware.gateway.ended.Calls;
import io.middleware.gateway.ended.EndedCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

class TapTest {
    private static final TapFilter ALL = TapFilter.of(Map.of());

    private final Tap tap = new Tap();
    private final Calls calls = new Calls(tap);

    @AfterEach
    void stop() {
        tap.close();
        calls.close();
    }

    @Test
    void callsOfEachReader_areThoseThatPassItsFilter() throws IOException {
        Lines all = watch(ALL, Long.MAX_VALUE);
        Lines errors = watch(TapFilter.of(Map.of("code", List.of("error"))), Long.MAX_VALUE);
        calls.serve("p1", Status.OK);
        calls.call("good");
        calls.serve("p1", Status.NOT_FOUND);
        calls.call("bad");

        await().until(() -> errors.lines.size() == 1 && all.lines.size() == 2);
        assertThat(errors.lines.getFirst()).contains("\"callId\":\"bad\"");
        assertThat(all.lines).anyMatch(line -> line.contains("\"callId\":\"good\""));
    }

    @Test
    void slowReader_delaysNoCall_andIsToldHowManyLinesItLost() throws IOException {
        Lines slow = watch(ALL, 0);
        calls.serve("p1", Status.OK);
        calls.gateway().listen(record -> {
            for (int i = 0; i < TapReader.MOST_WAITING + 50; i++) {
                tap.onEnd(record);
            }
        });
        calls.call("many");
        assertThat(slow.lines).isEmpty();
        slow.request(Long.MAX_VALUE);

        await().until(() -> slow.lines.size() == TapReader.MOST_WAITING + 1);
        assertThat(slow.lines.getFirst()).isEqualTo("{\"lost\":50}");
    }

    @Test
    void readerThatHearsNothing_getsSignsOfLife() {
        Lines quiet = watch(ALL, Long.MAX_VALUE);

        await().until(() -> quiet.batches.get() >= 2);
        assertThat(quiet.lines).isEmpty();
    }

    @Test
    void readersWhoGo_makeRoomForOthers() {
        List<Lines> readers = new ArrayList<>();
        for (int i = 0; i < Tap.MOST_READERS; i++) {
            readers.add(watch(ALL, Long.MAX_VALUE));
        }
        assertThat(tap.isFull()).isTrue();
        assertThat(watch(ALL, Long.MAX_VALUE).ended).isTrue();
        readers.removeFirst().cancel();
        assertThat(tap.isFull()).isFalse();
        tap.end();

        assertThat(readers).allMatch(reader -> reader.ended);
        assertThat(tap.isFull()).isFalse();
    }

    @Test
    void lineForPeople_hasAllAttempts_andNothingThatControlsATerminal() throws IOException {
        TapText text = new TapText("en", ZoneOffset.UTC);
        TapText portuguese = new TapText("pt", ZoneOffset.UTC);
        List<CallLine> ended = new ArrayList<>();
        calls.gateway()
                .listen(record -> ended.add(CallLine.of(EndedCall.of(record, InstantSource.system()), "gateway-1")));
        calls.serve("p1", Status.UNAVAILABLE.withDescription("full"));
        calls.serve("p2", Status.UNAVAILABLE.withDescription("full"));
        calls.call("call-1");

        assertThat(text.line(ended.getFirst(), null))
                .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  UNAVAILABLE +[0-9.]+ ms  hello\\.v1\\.HelloService/SayHello"
                        + "  p[12] \\(UNAVAILABLE, [0-9.]+ ms\\) > p[12] \\(retry, UNAVAILABLE, [0-9.]+ ms\\).*"
                        + "  gateway-1  call-1");
        assertThat(portuguese.line(ended.getFirst(), null)).contains("(nova tentativa, UNAVAILABLE, ");
        CallLine odd = new CallLine(
                "2026-01-01T00:00:00Z",
                "\u001b[2J",
                null,
                "key:shop",
                "gateway-1",
                "/a/b\u0007",
                null,
                "OK",
                1,
                null,
                null,
                null,
                List.of());
        assertThat(text.line(odd, null))
                .isEqualTo("00:00:00.000  OK             0.0 ms  a/b?  -  key:shop  gateway-1  ?[2J");
        assertThat(text.lost(3, "gateway-1")).contains("3 calls are not shown");
    }

    private Lines watch(TapFilter filter, long demand) {
        Lines lines = new Lines(demand);
        Flux.<byte[]>create(
                        sink -> {
                            TapReader reader = new TapReader(
                                    filter,
                                    new LineForms.LineForm(
                                            call -> CallLine.of(call.call(), "gateway-1")
                                                    .json(),
                                            n -> "{\"lost\":" + n + "}",
                                            gateway -> gateway),
                                    sink);
                            sink.onDispose(() -> tap.remove(reader));
                            if (!tap.add(reader)) {
                                sink.complete();
                            }
                        },
                        FluxSink.OverflowStrategy.IGNORE)
                .subscribe(lines);
        return lines;
    }

    private static final class Lines extends BaseSubscriber<byte[]> {
        final List<String> lines = Collections.synchronizedList(new ArrayList<>());
        final long demand;
        final AtomicInteger batches = new AtomicInteger();
        volatile boolean ended;

        Lines(long demand) {
            this.demand = demand;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (demand > 0) {
                request(demand);
            }
        }

        @Override
        protected void hookOnNext(byte[] batch) {
            new String(batch, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty())
                    .forEach(lines::add);
            batches.incrementAndGet();
        }

        @Override
        protected void hookOnComplete() {
            ended = true;
        }
    }
}
