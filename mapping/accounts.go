package mapping

// Accounts lists what a tracker calls the people who may own an action, and the names
// of those for whom neither an account is listed nor the tracker's default gives one.
func (r *Rules) Accounts(tracker string) (accounts, without []string) {
	t, _ := r.settings.tracker(tracker)
	for i := range r.settings.People {
		p := &r.settings.People[i]
		if account := p.account(t); account != "" {
			accounts = append(accounts, account)
		} else {
			without = append(without, p.Name)
		}
	}
	return accounts, without
}
