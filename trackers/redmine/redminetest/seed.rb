# What every private Redmine holds: Redmine's default data, the people and keys that
# redminetest knows, two projects and two custom fields.

# SQLite gives the number of a deleted last row out again. The databases that Redmine is
# run on do not, and what people see of an issue is its number.
connection = ActiveRecord::Base.connection
made = connection.select_values("SELECT sql FROM sqlite_master WHERE tbl_name = 'issues' AND sql IS NOT NULL ORDER BY type DESC")
connection.drop_table(:issues)
once = made.map { |sql| sql.sub('"id" integer NOT NULL PRIMARY KEY', '"id" integer NOT NULL PRIMARY KEY AUTOINCREMENT') }
abort 'the table of issues is not as expected' if once == made
once.each { |sql| connection.execute(sql) }

Redmine::DefaultData::Loader.load('en')

Setting.rest_api_enabled = 1
Setting.notified_events = []
Setting.display_subprojects_issues = 1

# A status that the default data lacks, from and to which everybody may go.
IssueStatus.create!(name: 'Blocked', is_closed: false)

# What percolate's own account needs, and nothing else.
bot_role = Role.create!(
  name: 'Percolate', assignable: false, issues_visibility: 'all', users_visibility: 'members_of_visible_projects',
  permissions: %i[view_issues add_issues edit_issues manage_subtasks add_issue_notes]
)
manager = Role.find_by!(name: 'Manager')
developer = Role.find_by!(name: 'Developer')
reporter = Role.find_by!(name: 'Reporter')
reporter.update!(assignable: false)
[bot_role, manager, developer].each do |role|
  WorkflowTransition.where(role_id: role.id).delete_all
  Tracker.all.each do |tracker|
    IssueStatus.all.to_a.permutation(2) do |from, to|
      WorkflowTransition.create!(tracker_id: tracker.id, role_id: role.id, old_status_id: from.id, new_status_id: to.id)
    end
  end
end

def person(login, first, last, key: nil, admin: false)
  user = User.find_by(login: login) || User.new
  user.login, user.firstname, user.lastname = login, first, last
  user.mail, user.admin, user.language = "#{login}@redmine.example", admin, 'en'
  user.password = user.password_confirmation = 'percolate-person'
  user.must_change_passwd = false
  user.save!
  Token.create!(user: user, action: 'api').update_columns(value: key) if key
  user
end

person('admin', 'Ada', 'Admin', key: 'a' * 40, admin: true)
bot = person('percolate', 'Percolate', 'Bot', key: 'b' * 40)
ann = person('ann', 'Ann', 'Archer')
bob = person('bob', 'Bob', 'Baker')
rita = person('rita', 'Rita', 'Reporter', key: 'c' * 40)
person('nina', 'Nina', 'Nobody')

trackers = Tracker.all.to_a
fields = %w(percolate labels).map do |name|
  IssueCustomField.create!(name: name, field_format: 'string', is_for_all: true, is_filter: true, trackers: trackers)
end

{ 'ops' => 'Operations', 'shop' => 'Shop' }.each do |identifier, name|
  project = Project.create!(identifier: identifier, name: name, is_public: false, enabled_module_names: %w(issue_tracking), trackers: trackers)
  { bot => bot_role, ann => developer, bob => manager, rita => reporter }.each do |user, role|
    Member.create!(project: project, principal: user, roles: [role])
  end
end

abort 'fields are not there' unless fields.all?(&:persisted?)
