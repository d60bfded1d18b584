using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Features.Processing;

/// <summary>For how long whoever works at something is believed without another word, and when he is taken for gone.</summary>
internal sealed class ProcessingClaims(TimeProvider time, IOptions<VaultOptions> options)
{
    /// <summary>It is renewed each second: a worker that says nothing for so long is gone.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    // SQLite has one node: whatever was claimed before it started, it claimed itself in a life before.
    private readonly DateTimeOffset othersOverBefore = options.Value.Database.Provider == DatabaseProvider.Sqlite ? time.Now() + Length : DateTimeOffset.MinValue;

    public DateTimeOffset Now => time.Now();

    /// <summary>A claim made now is good until then.</summary>
    public DateTimeOffset Until => time.Now() + Length;

    /// <summary>Claims that are good until then and no longer are over.</summary>
    public DateTimeOffset OverBefore => time.Now() is var now && now > othersOverBefore ? now : othersOverBefore;

    /// <summary>When something is tried again that has failed so often by the machine's fault: at the next sweep after the first time, then after 5, 20, 80 and 320 minutes. Null for at once.</summary>
    public DateTimeOffset? AgainAfter(int tries) => tries <= 1 ? null : time.Now() + TimeSpan.FromMinutes(5 * Math.Pow(4, Math.Min(tries, ProcessingRows.MostTries) - 2));
}
