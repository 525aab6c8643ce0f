package io.middleware.gateway.schema;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;

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
import io.middleware.core.Transport;
import io.middleware.gateway.transport.NettyChunk;

/**
 * The conversation with one instance: asks for the file of each symbol, then for what these import and did not come along, until
 * nothing is missing. What the instance does not know by the name of a file is taken from {@link CommonFiles} or, if that does not
 * have it, looked for by the types that are needed of it; what it does not know at all stays missing. Answers come in the order of
 * the questions. Some servers end the stream at a question that they cannot answer: the others are asked on another one.
 */
final class ReflectionStream implements Transport.Listener {
    private static final int LARGEST_ANSWER = 16 << 20;

    private final List<String> symbols;
    private final End end;
    private final Queue<ServerReflectionRequest> asked = new ArrayDeque<>();
    private final Set<String> askedFiles = new HashSet<>();
    private final Set<String> askedTypes = new HashSet<>();
    private final Map<String, ByteString> files = new HashMap<>();
    private final Map<String, FileDescriptorProto> parsed = new HashMap<>();
    private Function<Transport.Listener, Transport.Stream> opener;
    private MessageFrames frames;
    private Transport.Stream stream;
    private boolean ended;

    /** Told once. */
    interface End {
        void found(DescriptorFiles files);

        void failed(Code code, String reason);
    }

    /** {@code known}: what was got before, and need not come again. */
    ReflectionStream(List<String> symbols, Map<String, FileDescriptorProto> known, End end) {
        this.symbols = symbols;
        this.parsed.putAll(known);
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
        symbols.forEach(name -> ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(name).build()));
        completeIfNothingIsMissing();
    }

    private void open() {
        frames = new MessageFrames(LARGEST_ANSWER, this::answer);
        stream = opener.apply(this);
    }

    void cancel() {
        if (!ended) {
            ended = true;
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
        if (code == Code.NOT_FOUND && !ended && !asked.isEmpty()) {
            askTheOthers();
            return;
        }
        fail(code, code == Code.OK ? "the server ended the reflection too early" : "reflection answered " + code);
    }

    @Override
    public void failed(Outcome outcome) {
        // not the server's own word: whatever the code, it does not say that reflection is not offered
        fail(Code.UNAVAILABLE, outcome.reason());
    }

    @Override
    public void writabilityChanged() {
        // a few questions of some bytes each need no flow control
    }

    private void askTheOthers() {
        ServerReflectionRequest unknown = asked.poll();
        List<ServerReflectionRequest> others = List.copyOf(asked);
        asked.clear();
        open();
        if (!ended) {
            others.forEach(this::ask);
            unknown(unknown);
        }
    }

    private void ask(ServerReflectionRequest question) {
        asked.add(question);
        stream.send(new NettyChunk(MessageFrames.frame(question)), false);
    }

    private void answer(byte[] message) {
        if (ended) {
            return;
        }
        ServerReflectionRequest question = asked.poll();
        try {
            ServerReflectionResponse answer = ServerReflectionResponse.parseFrom(message);
            if (question == null) {
                breakOff("the server answered more than it was asked by reflection");
            } else if (answer.hasFileDescriptorResponse()) {
                take(answer.getFileDescriptorResponse().getFileDescriptorProtoList());
                completeIfNothingIsMissing();
            } else {
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
                    ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(type).build());
                }
            }
        }
        if (asked.isEmpty()) {
            ended = true;
            stream.halfClose();
            end.found(new DescriptorFiles(files));
        }
    }

    private void breakOff(String reason) {
        stream.cancel();
        fail(Code.INTERNAL, reason);
    }

    private void fail(Code code, String reason) {
        if (!ended) {
            ended = true;
            end.failed(code, reason);
        }
    }
}
