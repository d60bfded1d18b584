using System.Collections.Concurrent;

namespace RecordingVault.Server.Platform.Streaming;

/// <summary>How many responses one session, token or opened link may have under way at once. Each holds buffers for as long as its reader pleases.</summary>
internal sealed class GrantLimit(int most)
{
    private readonly ConcurrentDictionary<Guid, int> counts = new();

    public bool TryEnter(Guid grantId)
    {
        while (true)
        {
            if (!counts.TryGetValue(grantId, out var count))
            {
                if (counts.TryAdd(grantId, 1))
                    return true;
            }
            else if (count >= most)
            {
                return false;
            }
            else if (counts.TryUpdate(grantId, count + 1, count))
            {
                return true;
            }
        }
    }

    public void Leave(Guid grantId)
    {
        while (counts.TryGetValue(grantId, out var count))
        {
            if (count == 1 ? counts.TryRemove(new(grantId, 1)) : counts.TryUpdate(grantId, count - 1, count))
                return;
        }
    }
}
