using System.Collections.Concurrent;
using RecordingVault.Server.Features.UsageTags;

namespace RecordingVault.Server.Features.Playback;

/// <summary>What was refused to whom, for which words.</summary>
internal readonly record struct Refusal(Guid TenantId, Guid GrantId, Guid RecordingId, ReleasePurpose Purpose, Purpose For, string Reasons);

/// <summary>Which refusals this node has written down in the last ten minutes. It forgets rather than grows: one event too many, never one too few.</summary>
internal sealed class ToldRefusals(TimeProvider time)
{
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private const int Most = 10_000;
    private readonly ConcurrentDictionary<Refusal, DateTimeOffset> told = new();

    public bool IsTold(Refusal refusal) => told.TryGetValue(refusal, out var at) && time.GetUtcNow() - at < Memory;

    public void Remember(Refusal refusal)
    {
        if (told.Count >= Most)
            ForgetOld();
        if (told.Count < Most)
            told[refusal] = time.GetUtcNow();
    }

    private void ForgetOld()
    {
        var before = time.GetUtcNow() - Memory;
        foreach (var entry in told)
        {
            if (entry.Value < before)
                told.TryRemove(entry);
        }
    }
}
