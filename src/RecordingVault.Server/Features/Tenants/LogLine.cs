using RecordingVault.Server.Features.Audit;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>An event as pages show it.</summary>
internal static class LogLine
{
    /// <param name="reader">The member who reads: the line calls him "you".</param>
    /// <param name="names">Of things that events were about, where the reader may know them.</param>
    public static AuditPageEvent Of(AuditEventResponse line, Guid reader, IReadOnlyDictionary<Guid, string> names) => new()
    {
        Number = line.Number,
        Time = line.Time,
        Type = line.Type,
        Actor = new AuditPageActor(line.Actor.Kind, line.Details.GetValueOrDefault("actor.name"), line.Actor.Kind == "member" && line.Actor.Id == reader) { Id = line.Actor.Id },
        Target = line.Target is { Id: { } id } thing ? new AuditPageThing(thing.Kind, id, names.GetValueOrDefault(id)) : null,
        IsRefused = line.Outcome == "refused",
        Decrypted = line.Decrypted,
        Details = line.Details,
    };
}
