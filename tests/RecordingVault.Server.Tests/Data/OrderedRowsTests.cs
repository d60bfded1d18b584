using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Data;

/// <summary>Sweeps take so many rows at a time, always in an order: without one the database may give the same ones again and again, and the rest never. EF says so where a query forgets it.</summary>
public sealed class OrderedRowsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_sweep_takes_rows_without_an_order()
    {
        using var lines = new Lines();
        // The sandbox says that it is there, so that the sweep of what is to be made has something to look for; nothing is.
        await using var vault = await TestVault.StartAsync(
            builder => builder.Logging.AddProvider(lines), settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Processing:Sandbox"] = "bubblewrap" });
        await TestTenant.CreateAsync(vault, Ct);
        var sweeps = typeof(SweepProcessingJob).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(ISystemJob)) && type is { IsClass: true, IsAbstract: false } && type.Name.StartsWith("Sweep", StringComparison.Ordinal)).ToList();

        foreach (var sweep in sweeps)
        {
            await using var scope = vault.Services.CreateAsyncScope();
            await ((ISystemJob)ActivatorUtilities.CreateInstance(scope.ServiceProvider, sweep)).RunAsync(Ct);
        }

        Assert.Contains(typeof(SweepProcessingJob), sweeps);
        Assert.Empty(lines.Found);
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Found { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId == CoreEventId.RowLimitingOperationWithoutOrderByWarning || eventId == CoreEventId.FirstWithoutOrderByAndFilterWarning)
                Found.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
