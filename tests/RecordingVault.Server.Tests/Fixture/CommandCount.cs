using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using RecordingVault.Server.Data;

namespace RecordingVault.Server.Tests.Fixture;

/// <summary>Counts the database commands of one tenant's scopes while it lives; other tests of this process work in tenants of their own.</summary>
internal sealed class CommandCount : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly Guid tenantId;
    private readonly List<IDisposable> subscriptions = [];
    private int seen;

    public CommandCount(Guid tenantId)
    {
        this.tenantId = tenantId;
        subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public int Seen => seen;

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name)
            subscriptions.Add(value.Subscribe(this));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key == RelationalEventId.CommandExecuting.Name && value.Value is CommandEventData { Context: VaultDbContext db } && TenantOf(db) == tenantId)
            Interlocked.Increment(ref seen);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => subscriptions.ForEach(subscription => subscription.Dispose());

    /// <summary>None where no tenant was entered: such a context throws.</summary>
    private static Guid? TenantOf(VaultDbContext db)
    {
        try
        {
            return db.TenantId;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
