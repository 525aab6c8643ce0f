package io.middleware.gateway.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.middleware.core.Chunk;
import io.middleware.core.Code;
import io.middleware.core.Headers;
import io.middleware.core.Outcome;
import io.middleware.core.Timers;
import io.middleware.core.Transport;
import io.middleware.gateway.transport.NettyChunk;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;

/**
 * The conversation with one instance: asks for the file of each symbol, then for what these import and did not come along, until
 * nothing is missing. What the instance does not know by the name of a file is taken from {@link CommonFiles} or, if that does not
 * have it, looked for by the types that are needed of it; what it does not know at all stays missing. Answers come in the order of
 * the questions.
 *
 * <p>Not all servers keep the stream open. Some end it at a question that they cannot answer, or after each response: the others are
 * asked on another one. Some respond only when the caller has ended its half, or take one question a stream: where nothing comes for
 * {@link #SILENCE}, or several questions are refused, each is asked on a stream of its own, and that half ended.
 */
final class ReflectionStream implements Transport.Listener {
    private static final int LARGEST_ANSWER = 16 << 20;
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private final List<String> symbols;
    private final Timers timers;
    private final End end;
    private final Queue<ServerReflectionRequest> asked = new ArrayDeque<>();
    private final Set<String> askedFiles = new HashSet<>();
    private final Set<String> askedTypes = new HashSet<>();
    private final Map<String, ByteString> files = new HashMap<>();
    private final Map<String, FileDescriptorProto> parsed = new HashMap<>();
    private Function<Transport.Listener, Transport.Stream> opener;
    private MessageFrames frames;
    private Transport.Stream stream;
    private Timers.Timer silence;
    private boolean oneByOne;
    private boolean responded;
    private boolean unimplemented;
    private boolean ended;

    /** Told once. */
    interface End {
        void found(DescriptorFiles files);

        /** The server does not have this version of reflection. */
        void notOffered();

        /** No connection can be made. */
        void unreachable(String reason);

        void failed(String reason);
    }

    /** {@code known}: what was got before, and need not come again. */
    ReflectionStream(List<String> symbols, Map<String, FileDescriptorProto> known, Timers timers, End end) {
        this.symbols = symbols;
        this.parsed.putAll(known);
        this.timers = timers;
        this.end = end;
    }

    /** {@code opener}: opens a stream to the instance. */
    void start(Function<Transport.Listener, Transport.Stream> opener) {
        this.opener = opener;
        open();
        if (ended) {
            // the transport could say at once that there is no connection
            return;
        }
        silence = timers.schedule(
                () -> {
                    stream.cancel();
                    askOneByOne();
                },
                SILENCE.toNanos());
        symbols.forEach(name -> ask(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol(name)
                .build()));
        completeIfNothingIsMissing();
    }

    private void open() {
        responded = false;
        frames = new MessageFrames(LARGEST_ANSWER, this::answer);
        stream = opener.apply(this);
    }

    void cancel() {
        if (!ended) {
            end();
            stream.cancel();
        }
    }

    @Override
    public void headers(Headers headers) {
        // they say nothing that the messages do not
    }

    @Override
    public void chunk(Chunk chunk) {
        try {
            if (!ended) {
                frames.read(((NettyChunk) chunk).bytes());
            }
        } catch (MessageFrames.UnreadableException e) {
            breakOff(e.getMessage());
        } finally {
            chunk.release();
        }
    }

    @Override
    public void trailers(Headers trailers) {
        Code code = trailers.code();
        if (ended) {
            return;
        }
        if (!asked.isEmpty() && (code == Code.NOT_FOUND || code == Code.UNIMPLEMENTED && !files.isEmpty())) {
            ServerReflectionRequest unknown = asked.poll();
            askOnAnotherStream();
            if (!ended) {
                unknown(unknown);
            }
        } else if (code == Code.OK && responded) {
            askOnAnotherStream();
        } else if (code == Code.UNIMPLEMENTED) {
            end();
            end.notOffered();
        } else if (!oneByOne && asked.size() > 1) {
            askOneByOne();
        } else {
            fail(code == Code.OK ? "the server ended the reflection too early" : "reflection answered " + code);
        }
    }

    @Override
    public void failed(Outcome outcome) {
        if (!ended) {
            end();
            if (outcome.evidence() == Outcome.Evidence.UNREACHABLE || outcome.evidence() == Outcome.Evidence.SILENT) {
                end.unreachable(outcome.reason());
            } else {
                end.failed(outcome.reason());
            }
        }
    }

    @Override
    public void writabilityChanged() {
        // a few questions of some bytes each need no flow control
    }

    private void askOneByOne() {
        oneByOne = true;
        silence.cancel();
        askOnAnotherStream();
    }

    /** Asks what was asked and not answered. */
    private void askOnAnotherStream() {
        List<ServerReflectionRequest> others = List.copyOf(asked);
        asked.clear();
        open();
        if (!ended) {
            others.forEach(this::ask);
        }
    }

    private void ask(ServerReflectionRequest question) {
        asked.add(question);
        if (!oneByOne) {
            stream.send(new NettyChunk(MessageFrames.frame(question)), false);
        } else if (asked.size() == 1 && !responded) {
            stream.send(new NettyChunk(MessageFrames.frame(question)), true);
        }
    }

    private void answer(byte[] message) {
        if (ended) {
            return;
        }
        responded = true;
        silence.cancel();
        ServerReflectionRequest question = asked.poll();
        try {
            ServerReflectionResponse answer = ServerReflectionResponse.parseFrom(message);
            if (question == null) {
                breakOff("the server answered more than it was asked by reflection");
            } else if (answer.hasFileDescriptorResponse()) {
                take(answer.getFileDescriptorResponse().getFileDescriptorProtoList());
                completeIfNothingIsMissing();
            } else {
                unimplemented |= answer.getErrorResponse().getErrorCode() == Code.UNIMPLEMENTED.ordinal();
                unknown(question);
            }
        } catch (InvalidProtocolBufferException e) {
            breakOff("the server's reflection sent what is no descriptor");
        }
    }

    /** What else the server describes can be used. */
    private void unknown(ServerReflectionRequest question) {
        FileDescriptor spare = question.hasFileByFilename() ? CommonFiles.spare(question.getFileByFilename()) : null;
        if (spare != null) {
            add(spare.toProto(), spare.toProto().toByteString());
        }
        completeIfNothingIsMissing();
    }

    private void take(List<ByteString> sent) throws InvalidProtocolBufferException {
        for (ByteString file : sent) {
            add(DescriptorFiles.parse(file), file);
        }
    }

    private void add(FileDescriptorProto descriptor, ByteString file) {
        if (!CommonFiles.has(descriptor.getName())) {
            files.put(descriptor.getName(), file);
            parsed.put(descriptor.getName(), descriptor);
        }
    }

    private void completeIfNothingIsMissing() {
        if (!asked.isEmpty()) {
            return;
        }
        for (String name : DescriptorFiles.missing(parsed.values())) {
            if (askedFiles.add(name)) {
                ask(ServerReflectionRequest.newBuilder().setFileByFilename(name).build());
            }
        }
        if (asked.isEmpty() && !DescriptorFiles.missing(parsed.values()).isEmpty()) {
            for (String type : DescriptorFiles.undefined(parsed.values())) {
                if (askedTypes.add(type)) {
                    ask(ServerReflectionRequest.newBuilder()
                            .setFileContainingSymbol(type)
                            .build());
                }
            }
        }
        if (asked.isEmpty()) {
            complete();
        }
    }

    private void complete() {
        end();
        if (oneByOne) {
            stream.cancel();
        } else {
            stream.halfClose();
        }
        if (files.isEmpty() && unimplemented) {
            end.notOffered();
        } else {
            end.found(new DescriptorFiles(files));
        }
    }

    private void breakOff(String reason) {
        stream.cancel();
        fail(reason);
    }

    private void fail(String reason) {
        if (!ended) {
            end();
            end.failed(reason);
        }
    }

    private void end() {
        ended = true;
        if (silence != null) {
            silence.cancel();
        }
    }
}
