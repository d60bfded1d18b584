using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>What the pulse of a long piece of work says when it can't be written down.</summary>
public sealed class WorkPulseTests(SharedVault shared)
{
    private readonly FakeTimeProvider clock = new();
    private readonly Lines lines = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Beats_that_fail_one_after_the_other_are_one_line_and_a_new_streak_is_another()
    {
        var beats = 0;
        var over = new TaskCompletionSource();
        var pulse = new WorkPulse(shared.Vault.Services.GetRequiredService<SystemScope>(), clock, lines);
        var work = pulse.DuringAsync(Guid.NewGuid(), (_, _) =>
        {
            // One good beat between two streaks of three.
            var beat = Interlocked.Increment(ref beats);
            return beat == 4 ? Task.CompletedTask : Task.FromException(new TimeoutException("with a name that no line may tell"));
        }, () => over.Task, Ct);

        for (var beat = 1; beat <= 7; beat++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            while (Volatile.Read(ref beats) < beat)
                await Task.Delay(1, Ct);
            // What the beat did is done before the next tick.
            await Task.Delay(20, Ct);
        }

        over.SetResult();
        await work;
        Assert.Equal(2, lines.Warnings.Count);
        Assert.All(lines.Warnings, line => Assert.Contains("TimeoutException", line, StringComparison.Ordinal));
        Assert.All(lines.Warnings, line => Assert.DoesNotContain("with a name", line, StringComparison.Ordinal));
    }

    private sealed class Lines : ILogger<WorkPulse>
    {
        public ConcurrentQueue<string> Warnings { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Warnings.Enqueue($"{logLevel}: {formatter(state, exception)}");
    }
}
