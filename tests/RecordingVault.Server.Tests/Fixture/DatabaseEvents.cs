using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using RecordingVault.Server.Data;

namespace RecordingVault.Server.Tests.Fixture;

/// <summary>Lets a test act at a moment that it could not hit from outside: just when a context of one tenant begins a transaction, sends a command or saves.</summary>
internal sealed class DatabaseEvents : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly string name;
    private readonly Guid tenantId;
    private readonly Action<VaultDbContext, DbContextEventData> act;
    private readonly List<IDisposable> subscriptions = [];

    private DatabaseEvents(EventId moment, Guid tenantId, Action<VaultDbContext, DbContextEventData> act)
    {
        (name, this.tenantId, this.act) = (moment.Name!, tenantId, act);
        subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public static DatabaseEvents WhenSaving(Guid tenantId, Action<VaultDbContext> act) => new(CoreEventId.SaveChangesStarting, tenantId, (db, _) => act(db));

    public static DatabaseEvents WhenTransactionStarted(Guid tenantId, Action<VaultDbContext> act) => new(RelationalEventId.TransactionStarted, tenantId, (db, _) => act(db));

    public static DatabaseEvents WhenExecuting(Guid tenantId, Action<string> act) => new(RelationalEventId.CommandExecuting, tenantId, (_, happened) => act(((CommandEventData)happened).Command.CommandText));

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name)
            subscriptions.Add(value.Subscribe(this));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key == name && value.Value is DbContextEventData { Context: VaultDbContext db } happened && db.IsOf(tenantId))
            act(db, happened);
    }

    public void OnCompleted()
    {
        // The listeners live as long as the process.
    }

    public void OnError(Exception error)
    {
        // Diagnostic listeners report none.
    }

    public void Dispose() => subscriptions.ForEach(subscription => subscription.Dispose());
}

file static class Belonging
{
    public static bool IsOf(this VaultDbContext db, Guid tenantId)
    {
        try
        {
            return db.TenantId == tenantId;
        }
        catch (InvalidOperationException)
        {
            return false; // a context of the system's, before any tenant was entered
        }
    }
}
