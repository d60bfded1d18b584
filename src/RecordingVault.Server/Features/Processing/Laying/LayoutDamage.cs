using Microsoft.Extensions.Caching.Memory;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Processing.Laying;

/// <summary>Files that were found damaged on this node when they were to be laid out, for half a minute: who asks for one is told so, and does not wait for what can't come.</summary>
internal sealed class LayoutDamage : IDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    private readonly MemoryCache found = new(new MemoryCacheOptions { SizeLimit = 4_096 });

    public void Note(Guid tenantId, Guid assetId, FormatFailure failure) => found.Set((tenantId, assetId), failure, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = KeptFor, Size = 1 });

    public FormatFailure? Of(Guid tenantId, Guid assetId) => found.TryGetValue((tenantId, assetId), out FormatFailure failure) ? failure : null;

    public void Dispose() => found.Dispose();
}
