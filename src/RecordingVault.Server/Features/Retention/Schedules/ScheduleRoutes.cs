using Microsoft.AspNetCore.Mvc;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Schedules;

internal static class ScheduleRoutes
{
    private const string OnlyReckons = "it reckons what a rule would do and changes nothing; titles stand in every list of who may ask";

    public static IServiceCollection AddSchedules(this IServiceCollection services)
    {
        services.AddScoped<ScheduleBook>();
        services.AddScoped<ScheduleLetters>();
        services.AddScoped<ScheduleAsking>();
        services.AddScoped<ScheduleMaking>();
        services.AddScoped<ScheduleChanging>();
        services.AddScoped<ScheduleReading>();
        services.AddScoped<SchedulePreview>();
        services.AddScoped<SchedulePages>();
        services.AddScoped<ChangeEnding>();
        services.AddScoped<ChangeDeciding>();
        services.AddScoped<DryRun>();
        services.AddScoped<OwnScheduleRows>();
        services.AddScoped<IRecordingRows>(provider => provider.GetRequiredService<OwnScheduleRows>());
        services.AddScoped<IWaitingThings, WaitingScheduleChanges>();
        services.AddScoped<IEndedRows, EndedScheduleChanges>();
        return services;
    }

    public static IEndpointRouteBuilder MapSchedules(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(ScheduleEndpoints.Path).RequireAuthorization(Policies.ViewRecordings).WithTags("Retention");
        api.MapGet("/", ScheduleEndpoints.List);
        api.MapGet("/{id:guid}", ScheduleEndpoints.One);
        api.MapPost("/", ScheduleEndpoints.Make).RequireAuthorization(Policies.ManageMembers).Audited(ScheduleBook.Made);
        api.MapPost("/preview", ScheduleEndpoints.Preview).RequireAuthorization(Policies.ManageMembers).NotAudited(OnlyReckons);
        api.MapPatch("/{id:guid}", ScheduleEndpoints.Change).RequireAuthorization(Policies.ManageMembers).Audited(ScheduleBook.Changed);
        api.MapDelete("/{id:guid}", ScheduleEndpoints.Remove).RequireAuthorization(Policies.ManageMembers).Audited(ScheduleBook.Removed);
        var changes = routes.MapGroup(ChangeEndpoints.Path).RequireAuthorization(Policies.ManageMembers).WithTags("Retention");
        changes.MapGet("/", ChangeEndpoints.List);
        changes.MapGet("/{id:guid}", ChangeEndpoints.One);
        changes.MapPost("/{id:guid}/decision", ChangeEndpoints.Decide).RequireAuthorization(Policies.InPerson).Audited(ChangeDeciding.Approved);
        changes.MapPost("/{id:guid}/take-back", ChangeEndpoints.TakeBack).Audited(ChangeDeciding.TakenBack);
        return routes.MapPages();
    }

    private static IEndpointRouteBuilder MapPages(this IEndpointRouteBuilder routes)
    {
        var limit = new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit);
        routes.MapGet(SchedulePages.Path, ShowSchedules.List).RequireAuthorization(Policies.ViewRecordings).ExcludeFromDescription();
        routes.MapPost(SchedulePages.Path, ShowSchedules.Make).RequireAuthorization(Policies.ManageMembers).WithMetadata(limit).Audited(ScheduleBook.Made).ExcludeFromDescription();
        routes.MapGet(SchedulePages.Path + "/new", ShowSchedules.New).RequireAuthorization(Policies.ManageMembers).ExcludeFromDescription();
        routes.MapGet(SchedulePages.Path + "/{id:guid}", ShowSchedules.One).RequireAuthorization(Policies.ManageMembers).ExcludeFromDescription();
        routes.MapPost(SchedulePages.Path + "/{id:guid}", ShowSchedules.Change).RequireAuthorization(Policies.ManageMembers).WithMetadata(limit).Audited(ScheduleBook.Changed).ExcludeFromDescription();
        routes.MapGet(SchedulePages.ChangesPath + "/{id:guid}", ShowChange.One).RequireAuthorization(Policies.ManageMembers).ExcludeFromDescription();
        routes.MapPost(SchedulePages.ChangesPath + "/{id:guid}", ShowChange.Decide).RequireAuthorization(Policies.ManageMembers, Policies.InPerson).WithMetadata(limit).Audited(ChangeDeciding.Approved).ExcludeFromDescription();
        routes.MapGet("/recordings/{id:guid}/retention", ShowKeeping.Handle).RequireAuthorization(Policies.ViewRecordings).ExcludeFromDescription();
        return routes;
    }
}
