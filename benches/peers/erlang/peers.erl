%% The same workloads in Erlang.
%%
%%   erl -noshell +S 2:2 -s peers main -extra "ring of 1000, 1 token" 1000000
%%
%% does one and prints what the programs of the other peers print. The names and the counts are
%% those of `src/workload.rs`; the runner passes both.
-module(peers).
-behaviour(gen_server).
-export([main/0, init/1, handle_call/3, handle_cast/2]).
-export([idle/1, life/1, node/1, responder/0, sink/2, sender/3, skynet/3, start_child/1]).

-define(RING_SIZE, 1000).
-define(BATCH, 1000).
-define(BURST, 64).

main() ->
    logger:set_primary_config(level, none),
    [Name, Count] = init:get_plain_arguments(),
    case run(Name, list_to_integer(Count)) of
        {lacks, Why} ->
            io:format("lacks ~s~n", [Why]);
        {Took, Operations, Lines} ->
            io:format("ns ~.1f~n~s", [Took / Operations, Lines]),
            io:format("peak_mib ~b~n", [status("VmHWM") bsr 20])
    end,
    erlang:halt(0, [{flush, true}]).

run("ping-pong", Count) -> ring(2, 1, 2 * Count, Count);
run("ring of 1000, 1 token", Count) -> ring(?RING_SIZE, 1, Count, Count);
run("ring of 1000, 100 tokens", Count) -> ring(?RING_SIZE, 100, Count, Count);
run("call", Count) -> calls(Count, 0);
run("call, 100 000 waiting", Count) -> calls(Count, 100000);
run("request, 100 000 waiting", Count) -> requests(Count, 100000);
run("flood 1 to 1", Count) -> flood(1, 1, Count, all_at_once);
run("flood 1 to 1, giving way", Count) -> flood(1, 1, Count, giving_way);
run("flood 8 to 1", Count) -> flood(8, 1, Count, all_at_once);
run("flood 1000 to 1", Count) -> flood(1000, 1, Count, all_at_once);
run("flood 1 to 100", Count) -> flood(1, 100, Count, all_at_once);
run("spawn, message, exit", Count) -> lives(Count, min(?BATCH, Count));
run("spawn, message, exit, all at once", Count) -> lives(Count, Count);
run("spawn idle", Count) ->
    Before = status("VmRSS"),
    Gate = gate(Count),
    Took = timed(fun() -> spawn_idle(Count, Gate), wait(Gate) end),
    Bytes = (status("VmRSS") - Before) div Count,
    {Took, Count, io_lib:format("bytes ~b~n", [Bytes])};
run("skynet", Leaves) ->
    Self = self(),
    Sum = Leaves * (Leaves - 1) div 2,
    Took = timed(fun() ->
        spawn(?MODULE, skynet, [Self, 0, Leaves]),
        receive {part, Sum} -> ok end
    end),
    {Took, (Leaves * 10 - 1) div 9, ""};
run("restart after a panic", Count) -> restarts(Count, panic);
run("restart after an error", Count) -> restarts(Count, error).

timed(Body) ->
    Start = erlang:monotonic_time(nanosecond),
    Body(),
    erlang:monotonic_time(nanosecond) - Start.

%% A line of what Linux knows about this program, in bytes.
status(Field) ->
    {ok, Text} = file:read_file("/proc/self/status"),
    {match, [Kib]} = re:run(Text, Field ++ ":\\s+(\\d+)", [{capture, all_but_first, list}]),
    list_to_integer(Kib) * 1024.

%% A count down; its maker waits for the last hit.
gate(Events) ->
    Left = atomics:new(1, []),
    atomics:put(Left, 1, Events),
    {Left, self()}.

hit({Left, Maker}) ->
    case atomics:sub_get(Left, 1, 1) of
        0 -> Maker ! gate;
        _ -> ok
    end.

wait(_Gate) -> receive gate -> ok end.

ring(Size, Tokens, Hops, Operations) ->
    Gate = gate(Tokens),
    Nodes = [spawn(?MODULE, node, [Gate]) || _ <- lists:seq(1, Size)],
    lists:zipwith(fun(Node, Next) -> Node ! {next, Next} end, Nodes, tl(Nodes) ++ [hd(Nodes)]),
    Apart = Size div Tokens,
    Starts = [lists:nth(1 + N * Apart, Nodes) || N <- lists:seq(0, Tokens - 1)],
    Took = timed(fun() ->
        [Node ! {tick, Hops div Tokens} || Node <- Starts],
        wait(Gate)
    end),
    {Took, Operations, ""}.

node(Gate) -> receive {next, Next} -> node(Next, Gate) end.

node(Next, Gate) ->
    receive
        {tick, 0} -> hit(Gate), node(Next, Gate);
        {tick, Hops} -> Next ! {tick, Hops - 1}, node(Next, Gate)
    end.

flood(Senders, Receivers, Count, Pace) ->
    Gate = gate(Receivers),
    Sinks = [spawn(?MODULE, sink, [Count div Receivers, Gate]) || _ <- lists:seq(1, Receivers)],
    Each = Count div Senders,
    Took = timed(fun() ->
        [spawn(?MODULE, sender, [Sinks, Each, Pace]) || _ <- lists:seq(1, Senders)],
        wait(Gate)
    end),
    {Took, Count, ""}.

sink(0, Gate) -> hit(Gate);
sink(Ticks, Gate) -> receive {tick, _} -> sink(Ticks - 1, Gate) end.

sender(Sinks, Count, all_at_once) -> send_in_turn(Sinks, Sinks, Count);
sender([Sink], Count, giving_way) -> send_giving_way(Sink, Count).

send_in_turn(_, _, 0) -> ok;
send_in_turn([], Sinks, Count) -> send_in_turn(Sinks, Sinks, Count);
send_in_turn([Sink | Rest], Sinks, Count) ->
    Sink ! {tick, Count},
    send_in_turn(Rest, Sinks, Count - 1).

send_giving_way(_, 0) -> ok;
send_giving_way(Sink, Count) ->
    Sink ! {tick, Count},
    case Count rem ?BURST of
        0 -> erlang:yield();
        _ -> ok
    end,
    send_giving_way(Sink, Count - 1).

lives(Count, Batch) ->
    Took = timed(fun() -> [batch(Batch) || _ <- lists:seq(1, Count div Batch)] end),
    {Took, Count, ""}.

batch(Batch) ->
    Gate = gate(Batch),
    start_lives(Batch, Gate),
    wait(Gate).

start_lives(0, _) -> ok;
start_lives(Count, Gate) ->
    spawn(?MODULE, life, [Gate]) ! {tick, Count},
    start_lives(Count - 1, Gate).

life(Gate) -> receive {tick, _} -> hit(Gate) end.

spawn_idle(0, _) -> ok;
spawn_idle(Count, Gate) ->
    spawn(?MODULE, idle, [Gate]),
    spawn_idle(Count - 1, Gate).

idle(Gate) ->
    hit(Gate),
    receive stop -> ok end.

skynet(Parent, Number, 1) ->
    Parent ! {part, Number};
skynet(Parent, Number, Leaves) ->
    Part = Leaves div 10,
    Self = self(),
    [spawn(?MODULE, skynet, [Self, Number + N * Part, Part]) || N <- lists:seq(0, 9)],
    Parent ! {part, sum(10, 0)}.

sum(0, Sum) -> Sum;
sum(Missing, Sum) -> receive {part, Part} -> sum(Missing - 1, Sum + Part) end.

calls(Count, Backlog) ->
    {ok, Server} = gen_server:start(?MODULE, server, []),
    behind(Backlog, fun(N) -> call(Server, N) end, Count).

call(Server, Number) ->
    Answer = Number + 1,
    Answer = gen_server:call(Server, {ask, Number}).

%% The answer is told by its content: no new reference helps to skip what is older.
requests(Count, Backlog) ->
    Server = spawn(?MODULE, responder, []),
    behind(Backlog, fun(N) -> request(Server, N) end, Count).

request(Server, Number) ->
    Server ! {ask, Number, self()},
    Answer = Number + 1,
    receive {answer, Answer} -> ok end.

responder() -> receive {ask, Number, From} -> From ! {answer, Number + 1}, responder() end.

%% Does it in a process of its own, whose mailbox holds so many messages that nobody wants. The
%% first time is not timed.
behind(Backlog, Exchange, Count) ->
    Self = self(),
    spawn(fun() ->
        [self() ! {junk, N} || N <- lists:seq(1, Backlog)],
        Exchange(0),
        Self ! {took, timed(fun() -> lists:foreach(Exchange, lists:seq(1, Count)) end)}
    end),
    receive {took, Took} -> {Took, Count, ""} end.

%% A supervisor walks the times of the restarts within its period at each restart, so a thousand
%% are made below each. An exception is its panic, an exit its error.
restarts(Count, How) ->
    Rounds = max(1, Count div ?BATCH),
    Took = lists:sum([restart_round(Count div Rounds, How) || _ <- lists:seq(1, Rounds)]),
    {Took, Count div Rounds * Rounds, ""}.

restart_round(Count, How) ->
    {ok, Supervisor} = supervisor:start_link(?MODULE, {supervisor, self()}),
    First = receive {started, Child} -> Child end,
    Took = timed(fun() -> crash(First, How, Count) end),
    unlink(Supervisor),
    exit(Supervisor, kill),
    Took.

crash(_, _, 0) -> ok;
crash(Child, How, Count) ->
    gen_server:cast(Child, How),
    receive {started, Next} -> crash(Next, How, Count - 1) end.

start_child(Bench) -> gen_server:start_link(?MODULE, {child, Bench}, []).

init({supervisor, Bench}) ->
    Flags = #{strategy => one_for_one, intensity => 100000000, period => 1},
    {ok, {Flags, [#{id => child, start => {?MODULE, start_child, [Bench]}}]}};
init({child, Bench}) ->
    Bench ! {started, self()},
    {ok, none};
init(server) ->
    {ok, none}.

handle_call({ask, Number}, _From, State) -> {reply, Number + 1, State}.

handle_cast(panic, _State) -> error(crash);
handle_cast(error, _State) -> exit(crash).
