using System.Security.Cryptography;
using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Storage;

/// <summary>Tries on a store what the vault stands on, with objects of its own, and takes them away again.</summary>
internal sealed class StoreExaminer(IObjectStore store, TimeProvider time)
{
    private const int Tries = 5;
    private const int SegmentLength = 4 * 1024 * 1024;
    private const int RangeLength = 64 * 1024;

    private readonly string prefix = $"v/check/{Guid.NewGuid()}/";
    private readonly List<string> faults = [];

    /// <exception cref="ObjectStoreException">It can't be examined: it does not answer, or refuses.</exception>
    public async Task<StoreExamination> RunAsync(CancellationToken cancellationToken)
    {
        var segment = RandomNumberGenerator.GetBytes(SegmentLength);
        var names = Enumerable.Range(0, Tries).Select(i => ObjectName.Parse($"{prefix}{i}")).ToList();
        try
        {
            var puts = new List<TimeSpan>();
            foreach (var name in names) puts.Add(await TimeAsync(() => store.PutAsync(name, segment, cancellationToken)));
            var reads = new List<TimeSpan>();
            foreach (var name in names) reads.Add(await TimeAsync(() => ReadMiddleAsync(name, segment, cancellationToken)));
            await CheckEndAsync(names[0], segment, cancellationToken);
            await CheckListAsync(names, cancellationToken);
            var refuses = await RefusesOverwritingAsync(names[0], cancellationToken);
            var deletes = await DeletesAsync(names, cancellationToken);
            return new StoreExamination(faults, deletes, refuses, await store.DescribeAsync(cancellationToken), Middle(puts), Middle(reads));
        }
        finally
        {
            await RemoveAsync(names);
        }
    }

    private async Task ReadMiddleAsync(ObjectName name, byte[] segment, CancellationToken cancellationToken)
    {
        const int from = (SegmentLength / 2) + 12_345;
        var read = new byte[RangeLength];
        await using var range = await store.OpenReadAsync(name, from, RangeLength, cancellationToken);
        var count = await range.ReadAtLeastAsync(read, RangeLength, throwOnEndOfStream: false, cancellationToken);
        if (count != RangeLength || !read.AsSpan().SequenceEqual(segment.AsSpan(from, RangeLength))) Add("It gives other bytes for a range than were put.");
    }

    private async Task CheckEndAsync(ObjectName name, byte[] segment, CancellationToken cancellationToken)
    {
        await using var range = await store.OpenReadAsync(name, SegmentLength - 10, 1_000, cancellationToken);
        var read = new byte[1_000];
        var count = await range.ReadAtLeastAsync(read, read.Length, throwOnEndOfStream: false, cancellationToken);
        if (!read.AsSpan(0, count).SequenceEqual(segment.AsSpan(SegmentLength - 10))) Add("A range that goes beyond an object's end is not cut there.");
    }

    private async Task CheckListAsync(List<ObjectName> names, CancellationToken cancellationToken)
    {
        var listed = await store.ListAsync(prefix, cancellationToken).ToListAsync(cancellationToken);
        if (!listed.Select(found => found.Name).ToHashSet().SetEquals(names)) Add("Its listing does not show what was just put: sweeps and recovery would miss objects.");
        if (listed.Exists(found => found.LengthInBytes != SegmentLength)) Add("Its listing tells other lengths than were put.");
        if (listed.Exists(found => (found.LastModified - time.GetUtcNow()).Duration() > TimeSpan.FromHours(1))) Add("Its listing tells times that are more than an hour off: sweeps go by them.");
    }

    /// <summary>Told by putting other bytes under a name that is taken. Where it does not refuse, the name was ours to spoil.</summary>
    private async Task<bool> RefusesOverwritingAsync(ObjectName name, CancellationToken cancellationToken)
    {
        try
        {
            await store.PutAsync(name, new byte[1], cancellationToken);
            return false;
        }
        catch (IOException refused) when (refused is not ObjectStoreException)
        {
            return true;
        }
    }

    private async Task<bool> DeletesAsync(List<ObjectName> names, CancellationToken cancellationToken)
    {
        try
        {
            await store.DeleteAsync(names, cancellationToken);
        }
        catch (ObjectStoreException refused) when (refused.Failure == StoreFailure.Refused)
        {
            return false;
        }
        if (await store.FindAsync(names[0], cancellationToken) is not null || await store.ListAsync(prefix, cancellationToken).AnyAsync(cancellationToken)) Add("What was deleted is still there.");
        return true;
    }

    private async Task RemoveAsync(List<ObjectName> names)
    {
        try
        {
            await store.DeleteAsync(names, CancellationToken.None);
        }
        catch (IOException)
        {
            // Told as a fault already; nothing more can be done about it.
        }
    }

    private void Add(string fault)
    {
        if (!faults.Contains(fault, StringComparer.Ordinal)) faults.Add(fault);
    }

    private async Task<TimeSpan> TimeAsync(Func<Task> act)
    {
        var began = time.GetTimestamp();
        await act();
        return time.GetElapsedTime(began);
    }

    private static TimeSpan Middle(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);
}
