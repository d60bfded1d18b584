using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Features.Processing;

/// <summary>How fast and how often what is stored is read again.</summary>
internal sealed class VerificationPace(IOptions<VaultOptions> options, TimeProvider time)
{
    private readonly ScrubOptions scrub = options.Value.Scrub;

    /// <summary>Each recording is read once in so long.</summary>
    public TimeSpan Round => TimeSpan.FromDays(scrub.Days);

    /// <summary>What was damaged is read again soon: it may have been brought back.</summary>
    public static readonly TimeSpan DamagedRound = TimeSpan.FromHours(12);

    public bool IsOff => scrub.BytesPerSecond == 0;

    /// <summary>Waits for as long as so many bytes should have taken.</summary>
    public Task RestAsync(long bytes, CancellationToken cancellationToken) =>
        scrub.BytesPerSecond == 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromSeconds((double)bytes / scrub.BytesPerSecond), time, cancellationToken);
}
